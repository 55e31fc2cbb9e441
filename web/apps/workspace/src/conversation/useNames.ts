/** Names of agents and groups, for whoever shows their ids. */

import { createContext, useContext } from "react";
import type { DeskAgent } from "../rest/index.js";
import type { Names } from "./happenings.js";

export interface Book extends Names {
  agents: readonly DeskAgent[];
  /** The names that a note may mention, longest first. */
  mentions: readonly string[];
}

export const NamesContext = createContext<Book | null>(null);

/** Throws outside of `NamesProvider`. */
export function useNames(): Book {
  const book = useContext(NamesContext);
  if (book === null) throw new Error("outside of <NamesProvider>");
  return book;
}
