// parts.xlsx: what exceljs 4 writes beside the cells of a workbook; each text has a
// mark of its own. Fictitious. Run: npm i exceljs && node RECIPE.js
const ExcelJS=require('exceljs');
(async()=>{
 const b=new ExcelJS.Workbook(); b.creator='marque-creator'; b.company='marque-company'; b.title='marque-title';b.description='marque-description';
 const s=b.addWorksheet('Feuille',{headerFooter:{oddHeader:'&L&"Arial,Bold"marque-header',oddFooter:'&Cmarque-footer'}});
 s.addRow(['nir','nom']); s.addRow(['272029935052470','RICOLFI']);
 s.getCell('A2').note='marque-note'; s.getCell('B2').dataValidation={type:'list',formulae:['"marque-liste,b"'],prompt:'marque-prompt',promptTitle:'t',error:'marque-error'};
 s.getCell('C2').value={text:'lien',hyperlink:'mailto:marque-mail@example.org',tooltip:'marque-tooltip'};
 s.getCell('D2').value={richText:[{text:'marque-'},{font:{bold:true},text:'rich'}]};
 s.getCell('E2').value={formula:'"marque-formule"&A1',result:'marque-resultat'};
 b.definedNames.add('Feuille!$A$1','marque_nom');
 s.addTable({name:'marque_table',ref:'G1',headerRow:true,columns:[{name:'marque-colonne'}],rows:[['marque-cellule']]});
 const v=b.addWorksheet('marque-veryhidden',{state:'veryHidden'}); v.addRow(['marque-cachee']);
 await b.xlsx.writeFile('parts.xlsx');
})();
