(least) => {
	// Returns the texts whose contrast with what is behind them is less than
	// least (WCAG 2.2, 1.4.3: relative luminance).
	const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
	const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
	const parts = (color) => color.match(/[\d.]+/g).map(Number);
	const behind = (e) => {
		for (; e; e = e.parentElement) {
			const color = parts(getComputedStyle(e).backgroundColor);
			if (color.length < 4 || color[3] === 1) return color;
			if (color[3] > 0) throw new Error("a background that is half transparent: " + e.outerHTML.slice(0, 80));
		}
		return [255, 255, 255];
	};
	const faint = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const e = n.parentElement;
		if (!n.data.trim() || e.tagName === "SCRIPT" || e.closest("option") || !e.checkVisibility()) continue;
		const [a, b] = [luminance(parts(getComputedStyle(e).color)), luminance(behind(e))].sort((x, y) => y - x);
		const ratio = (a + 0.05) / (b + 0.05);
		if (ratio < least) faint.push(ratio.toFixed(2) + " " + n.data.trim().slice(0, 40));
	}
	return faint;
}
