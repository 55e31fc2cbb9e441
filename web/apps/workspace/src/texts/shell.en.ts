/** English of the page around the panes, the lists and what is always at hand, and with it the list of its texts. */

export const shell = {
  appName: "Causerie",
  back: "Back",
  close: "Close",
  email: "E-mail address",
  inbox: "Inbox",
  loading: "Loading…",
  nothingOpen: "No conversation open",
  nothingOpenHint: "Choose one from the list, or press ? for the keys.",
  password: "Password",
  signIn: "Sign in",
  signInFailed: "Wrong e-mail address or password.",
  signInTitle: "Sign in to your workspace",
  signInUnreachable: "The server cannot be reached. Try again in a moment.",
  signOut: "Sign out",
  signingIn: "Signing in…",
  staySignedIn: "Stay signed in on this device",
  workspace: "Workspace",
} as const;
