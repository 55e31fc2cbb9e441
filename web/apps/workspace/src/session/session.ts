/** Who is signed in: a token and the agent whose it is, kept for the tab, or for the device when the agent says so. */

const KEY = "causerie.session";
const SESSIONS = "/agent/v1/sessions";

export interface SignedIn {
  readonly id: string;
  readonly displayName: string;
  readonly role: string;
  readonly appId: string;
}

export interface Session {
  readonly token: string;
  readonly agent: SignedIn;
}

export type SignInFailure = "wrong" | "unreachable" | { readonly title: string };
export type SignInOutcome = { readonly session: Session } | { readonly failure: SignInFailure };

export async function signIn(email: string, password: string, stay: boolean): Promise<SignInOutcome> {
  let response: Response;
  try {
    response = await fetch(SESSIONS, {
      method: "POST",
      // Else the browser itself would ask for a password wherever the server asks for one, and wait.
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: email.trim(), password }),
    });
  } catch {
    return { failure: "unreachable" };
  }
  if (response.status === 401) return { failure: "wrong" };
  if (!response.ok) return { failure: response.status >= 500 ? "unreachable" : { title: await titleOf(response) } };
  const session = (await response.json()) as Session;
  keep(session, stay);
  return { session };
}

/** Ends the token on the server, too. What does not reach it ends by itself in time. */
export async function signOut(session: Session): Promise<void> {
  forget();
  try {
    await fetch(SESSIONS, { method: "DELETE", credentials: "omit", headers: { Authorization: `Bearer ${session.token}` }, keepalive: true });
  } catch {
    // The page has forgotten it: there is nobody left to tell.
  }
}

export function kept(): Session | null {
  for (const shelf of [sessionStorage, localStorage]) {
    const found = read(shelf.getItem(KEY));
    if (found !== null) return found;
  }
  return null;
}

export function forget(): void {
  sessionStorage.removeItem(KEY);
  localStorage.removeItem(KEY);
}

function keep(session: Session, stay: boolean): void {
  forget();
  (stay ? localStorage : sessionStorage).setItem(KEY, JSON.stringify(session));
}

function read(text: string | null): Session | null {
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as Partial<Session> | null;
    return typeof found?.token === "string" && typeof found.agent?.id === "string" ? (found as Session) : null;
  } catch {
    return null;
  }
}

async function titleOf(response: Response): Promise<string> {
  try {
    const told = (await response.json()) as { errors?: { title?: string }[] };
    return told.errors?.[0]?.title ?? response.statusText;
  } catch {
    return response.statusText;
  }
}
