/* Symbol fonts: the letter m in the font Symbol is shown as μ, and “5 mg” is not “5 μg”. */

const SYMBOL = new Map(Object.entries({
  A: "Α", B: "Β", C: "Χ", D: "Δ", E: "Ε", F: "Φ", G: "Γ", H: "Η", I: "Ι", J: "ϑ", K: "Κ", L: "Λ", M: "Μ", N: "Ν", O: "Ο", P: "Π",
  Q: "Θ", R: "Ρ", S: "Σ", T: "Τ", U: "Υ", V: "ς", W: "Ω", X: "Ξ", Y: "Ψ", Z: "Ζ", a: "α", b: "β", c: "χ", d: "δ", e: "ε", f: "φ",
  g: "γ", h: "η", i: "ι", j: "ϕ", k: "κ", l: "λ", m: "μ", n: "ν", o: "ο", p: "π", q: "θ", r: "ρ", s: "σ", t: "τ", u: "υ", v: "ϖ",
  w: "ω", x: "ξ", y: "ψ", z: "ζ", "-": "−", "@": "≅", "~": "∼", "£": "≤", "¥": "∞", "«": "↔", "¬": "←", "\u00ad": "↑", "®": "→",
  "¯": "↓", "²": "″", "³": "≥", "´": "×", "¸": "÷", "¹": "≠", "»": "≈", "·": "•",
}));
const WINGDINGS = new Map(Object.entries({
  à: "→", ß: "←", á: "↑", â: "↓", ü: "✓", û: "✗", þ: "☑", ý: "☒", q: "☐", o: "☐", "¨": "☐", "§": "▪", Ø: "➢", v: "❖", l: "●",
  n: "■", J: "☺", L: "☹",
}));

/* Write what symbol fonts show as letters of their own. Bullets of lists are not reported. */
export function mappedSymbols(page, report) {
  const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const map = mapOf(text);
    const shown = text.data.replace(/[\uf020-\uf0ff]/g, (sign) => {
      const plain = String.fromCharCode(sign.charCodeAt(0) - 0xf000);
      return map ? plain : SYMBOL.get(plain) ?? sign;
    }).replace(/[^]/g, (sign) => map?.get(sign) ?? sign);
    if (shown === text.data) continue;
    if (!/^\s*[•▪●■➢❖✓]\s*$/.test(shown)) report.add("symbol", `${shown.trim()} for ${text.data.trim()}`);
    text.data = shown;
  }
}

/* The map of the nearest font that is named: the first one of its list counts. */
function mapOf(text) {
  for (let element = text.parentElement; element; element = element.parentElement) {
    const style = element.dataset.style ?? "";
    const font = /(?:^|[;\s])font-family\s*:\s*["']?([^;,"']+)/i.exec(style)?.[1] ?? element.getAttribute("face");
    if (font) return /^symbol\b/i.test(font) ? SYMBOL : /^wingdings\b(?! [23])/i.test(font) ? WINGDINGS : null;
  }
  return null;
}
