"use strict";
// The findings are all in the page; this chooses which are shown. Nothing is
// asked of anybody, and no text is ever taken for markup.
(() => {
	const form = document.getElementById("filter");
	if (!form) return;
	const text = document.getElementById("by-text");
	const profile = document.getElementById("by-profile");
	const place = document.getElementById("by-place");
	const shown = document.getElementById("shown");
	const none = document.getElementById("none");
	const findings = [...document.querySelectorAll("article.finding")];
	const folded = (s) => s.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();
	const texts = new Map();
	const textOf = (f) => {
		if (!texts.has(f)) texts.set(f, folded(f.textContent));
		return texts.get(f);
	};
	const choose = () => {
		const severities = new Set([...form.querySelectorAll("[name=severity]:checked")].map((box) => box.value));
		const words = folded(text.value).split(/\s+/).filter(Boolean);
		let count = 0;
		for (const f of findings) {
			f.hidden = !(severities.has(f.dataset.severity) &&
				(!profile.value || f.dataset.profile === profile.value) &&
				(!place.value || f.dataset.place.startsWith(place.value)) &&
				words.every((word) => textOf(f).includes(word)));
			if (!f.hidden) count++;
		}
		none.hidden = count > 0;
		shown.textContent = shown.dataset.said.replace("{1}", count).replace("{2}", findings.length);
	};
	let waiting = 0;
	text.addEventListener("input", () => {
		cancelAnimationFrame(waiting);
		waiting = requestAnimationFrame(choose);
	});
	form.addEventListener("change", choose);
	form.addEventListener("submit", (event) => event.preventDefault());
	form.addEventListener("reset", () => setTimeout(choose));
	for (const link of document.querySelectorAll("a[data-place]")) {
		link.addEventListener("click", () => {
			place.value = link.dataset.place;
			choose();
			document.getElementById("findings-title").focus();
		});
	}
	// A link to a finding shows it, whatever was chosen before.
	const reveal = () => {
		const target = document.getElementById(location.hash.slice(1));
		if (!target || !target.hidden) return;
		form.reset();
		setTimeout(() => target.scrollIntoView());
	};
	window.addEventListener("hashchange", reveal);
	form.hidden = false;
	choose();
})();
