/** French of the page around the panes, the lists and what is always at hand. */

import type { shell as en } from "./shell.en.js";
import type { Widened } from "./widened.js";

export const shell: Widened<typeof en> = {
  appName: "Causerie",
  back: "Retour",
  close: "Fermer",
  email: "Adresse e-mail",
  inbox: "Boîte de réception",
  loading: "Chargement…",
  nothingOpen: "Aucune conversation ouverte",
  nothingOpenHint: "Choisissez-en une dans la liste, ou appuyez sur ? pour les raccourcis.",
  password: "Mot de passe",
  signIn: "Se connecter",
  signInFailed: "Adresse e-mail ou mot de passe incorrect.",
  signInTitle: "Connectez-vous à votre espace",
  signInUnreachable: "Le serveur est injoignable. Réessayez dans un instant.",
  signOut: "Se déconnecter",
  signingIn: "Connexion…",
  staySignedIn: "Rester connecté sur cet appareil",
  workspace: "Espace de travail",
};
