/** The agent's state in React: a component is drawn again when what it selects has changed, and at no other time. */

import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from "react";
import type { Orders } from "./signatures.js";
import type { State } from "./state.js";

const Context = createContext<Orders | null>(null);

/** Whoever is below may use the agent. */
export const AgentProvider = Context.Provider;

/** The agent itself, to give orders to. */
export function useOrders(): Orders {
  const agent = useContext(Context);
  if (agent === null) throw new Error("useAgent is used outside of AgentProvider");
  return agent;
}

/** What `select` takes of the state. It may make a new value at each call if `isEqual` knows it again, such as `shallow`. */
export function useAgent<T>(select: (state: State) => T, isEqual: (one: T, other: T) => boolean = Object.is): T {
  const { state } = useOrders();
  const last = useRef<{ value: T } | null>(null);
  const get = (): T => {
    const value = select(state.get());
    if (last.current === null || !isEqual(last.current.value, value)) last.current = { value };
    return last.current.value;
  };
  const watch = useCallback((changed: () => void) => state.watch(changed), [state]);
  return useSyncExternalStore(watch, get, get);
}

/** Whether two objects or arrays have the same fields. */
export function shallow<T>(one: T, other: T): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const names = Object.keys(one);
  if (names.length !== Object.keys(other).length) return false;
  return names.every((name) => Object.is(one[name as keyof T], other[name as keyof T]));
}
