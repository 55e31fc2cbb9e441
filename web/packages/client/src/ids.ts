/** Ids that nobody else draws. */

let drawn = 0;

/** An id that no other message of this person has. */
export function newId(): string {
  const random = crypto.getRandomValues(new Uint32Array(3));
  return `${Date.now().toString(36)}-${(drawn++).toString(36)}-${[...random].map((one) => one.toString(36)).join("")}`;
}
