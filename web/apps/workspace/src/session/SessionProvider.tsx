/** Shows the page to whoever is signed in, and the way in to everybody else. */

import { useQueryClient } from "@tanstack/react-query";
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { Login } from "./Login.js";
import { forget, kept, signOut, type Session } from "./session.js";

interface Present extends Session {
  /** Ends the session here and on the server. */
  readonly signOut: () => void;
  /** The server no longer takes the token: back to the way in. */
  readonly expired: () => void;
}

const Context = createContext<Present | null>(null);

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<Session | null>(kept);
  const queries = useQueryClient();
  const leave = useCallback(() => {
    forget();
    queries.clear();
    setSession(null);
  }, [queries]);
  useEffect(() => {
    // Another tab of this device has signed out, or in as somebody else.
    const heard = (event: StorageEvent) => {
      if (event.storageArea === localStorage && event.key === "causerie.session") setSession(kept());
    };
    window.addEventListener("storage", heard);
    return () => window.removeEventListener("storage", heard);
  }, []);
  const present = useMemo<Present | null>(() => {
    if (session === null) return null;
    const out = () => {
      void signOut(session);
      leave();
    };
    return { ...session, signOut: out, expired: leave };
  }, [session, leave]);
  if (present === null) return <Login onSignedIn={setSession} />;
  return <Context value={present} key={present.token}>{children}</Context>;
}

export function useSession(): Present {
  const session = useContext(Context);
  if (session === null) throw new Error("outside of <SessionProvider>");
  return session;
}
