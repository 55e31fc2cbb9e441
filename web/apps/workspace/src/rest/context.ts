/** The agent's way to the server, for whatever is below `<RestContext.Provider value={rest}>`. */

import { createContext, useContext } from "react";
import type { Rest } from "./rest.js";

export const RestContext = createContext<Rest | null>(null);

/** Throws outside of the provider, which is there once somebody is signed in. */
export function useRest(): Rest {
  const found = useContext(RestContext);
  if (found === null) throw new Error("RestContext has no value here");
  return found;
}
