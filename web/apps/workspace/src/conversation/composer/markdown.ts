/** Marks of Markdown around what an agent writes: what the buttons put there, and whether there are any. Pure. */

/** A text with what is selected in it. */
export interface Edit {
  text: string;
  start: number;
  end: number;
}

/** Put a mark around what is selected, or take it away. */
export function wrapped({ text, start, end }: Edit, mark: string): Edit {
  const selected = text.slice(start, end);
  const [before, after] = [text.slice(0, start), text.slice(end)];
  if (before.endsWith(mark) && after.startsWith(mark)) {
    return { text: before.slice(0, -mark.length) + selected + after.slice(mark.length), start: start - mark.length, end: end - mark.length };
  }
  const inner = selected.trim();
  const lead = selected.length - selected.trimStart().length;
  const made = selected.slice(0, lead) + mark + inner + mark + selected.slice(lead + inner.length);
  const from = start + lead + mark.length;
  return { text: before + made + after, start: from, end: from + inner.length };
}

/** Make what is selected a link; its address is selected then, to be written over. */
export function linked({ text, start, end }: Edit): Edit {
  const selected = text.slice(start, end);
  const isUrl = /^https?:\/\/\S+$/.test(selected);
  const [words, url] = isUrl ? ["", selected] : [selected, "https://"];
  const made = `[${words}](${url})`;
  const at = isUrl ? start + 1 : start + words.length + 3;
  return { text: text.slice(0, start) + made + text.slice(end), start: at, end: isUrl ? at : at + url.length };
}

/** Make the selected lines a list, or no list any more. */
export function listed({ text, start, end }: Edit, isNumbered: boolean): Edit {
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const next = text.indexOf("\n", end);
  const to = next < 0 ? text.length : next;
  const lines = text.slice(from, to).split("\n");
  const sign = isNumbered ? /^\d+\. / : /^- /;
  const isList = lines.every((line) => sign.test(line));
  const made = lines.map((line, at) => (isList ? line.replace(sign, "") : (isNumbered ? `${at + 1}. ` : "- ") + line.replace(/^(?:- |\d+\. )/, ""))).join("\n");
  const grown = made.length - (to - from);
  return { text: text.slice(0, from) + made + text.slice(to), start: lines.length > 1 ? from : Math.max(from, start + grown), end: end + grown };
}

/** What Enter does within a list: the next item, or, after an empty one, no list any more. Null: nothing special. */
export function continued({ text, start, end }: Edit): Edit | null {
  if (start !== end) return null;
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const line = text.slice(from, start);
  const found = /^(?:(- )|(\d+)\. )(.*)$/.exec(line);
  if (found === null) return null;
  if (found[3] === "") return { text: text.slice(0, from) + text.slice(start), start: from, end: from };
  const sign = found[1] ?? `${Number(found[2]) + 1}. `;
  const at = start + 1 + sign.length;
  return { text: `${text.slice(0, start)}\n${sign}${text.slice(start)}`, start: at, end: at };
}

const MARKS = [/\*\*[^*\n]+\*\*/, /(?:^|[\s(])_[^_\n]+_(?=$|[\s).,;:!?])/m, /\[[^\]\n]+\]\((?:https?:|mailto:|tel:)[^)\s]+\)/, /^- \S/m, /^\d+\. \S/m, /`[^`\n]+`/];

/** Whether a text has any of the marks that an agent can make here. Without them it is sent as it is. */
export const isMarked = (text: string): boolean => MARKS.some((mark) => mark.test(text));
