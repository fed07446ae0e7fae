/** A word of a text, as it is compared, and where it stands in the text, in UTF-16 code units. */
export interface Word {
  /** Without case and accents; of letters, numbers and marks alone, or one picture. Never with a space or a quote. */
  key: string;
  start: number;
  end: number;
}

/** Words of a text that can be found; what is behind them cannot. PostgreSQL counts places up to 16 383. */
const mostWords = 4_096;
/** Code units of a word that are compared. PostgreSQL keeps words of up to 2 046 bytes. */
const keyLength = 64;

/**
 * Words; each letter of a script that puts no spaces between words is one of its own, so that a run of them is found by any
 * part of it. Which letters make a word there would depend on a dictionary, which another release of Node has anew.
 */
const pattern =
  /[[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]&&[\p{L}\p{N}]][\p{M}\uFF9E\uFF9F]*|(?:[[\p{L}\p{N}]--[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]]\p{M}*)+|\p{RGI_Emoji}|\p{Extended_Pictographic}/gv;
/** Accents and vowel points; not the marks that make another letter of a Japanese one, nor the vowels of India. */
const accents = /[[\p{M}&&[\p{Script=Inherited}\p{Script=Hebrew}\p{Script=Arabic}]]--[\u3099\u309A]]/gv;
/** What the compatible spelling of a letter may bring along. */
const notOfWords = /[^\p{L}\p{N}\p{M}]/gv;

/** The words of a text, in order. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: word, index } of text.matchAll(pattern)) {
    const key = keyOf(word);
    if (key !== "") words.push({ key, start: index, end: index + word.length });
    if (words.length === mostWords) break;
  }
  return words;
}

function keyOf(word: string): string {
  if (/^[a-z\d]+$/.test(word)) return word.slice(0, keyLength);
  if (/^\P{L}*\p{Extended_Pictographic}/v.test(word)) return word.replaceAll("\uFE0F", "");
  const letters = word.normalize("NFKD").replaceAll(accents, "").replaceAll(notOfWords, "");
  // Letter by letter, since a word's last sigma has a small letter of its own; by way of the capital, which ß and ſ share with others.
  const folded = Array.from(letters, (letter) => letter.toUpperCase().toLowerCase()).join("");
  return folded.normalize("NFC").slice(0, keyLength).toWellFormed().replaceAll("\uFFFD", "");
}
