/** What the integration is to look like, and what it allows: the public part of its settings, in the words of the API. */

import type { Api, Field } from "@causerie/client";
import type { Customization } from "@causerie/bridge";

export interface Prechat {
  enabled: boolean;
  avatarUrl: string | null;
  fields: Field[];
}

export interface Config {
  brandColor: string;
  conversationColor: string;
  actionColor: string;
  businessName: string | null;
  businessIconUrl: string | null;
  backgroundImageUrl: string | null;
  fixedIntroPane: boolean;
  prechatCapture: Prechat | null;
  canUserSeeConversationList: boolean;
  canUserCreateMoreConversations: boolean;
  attachmentsEnabled: boolean;
  attachmentMaxBytes: number;
  showAIDisclaimer: boolean;
  endSessionEnabled: boolean;
  /** Where the help centre's pages are; null: there is none that everybody may read. */
  helpCentreUrl: string | null;
}

export const DEFAULTS: Config = {
  brandColor: "65758e",
  conversationColor: "0099ff",
  actionColor: "0099ff",
  businessName: null,
  businessIconUrl: null,
  backgroundImageUrl: null,
  fixedIntroPane: false,
  prechatCapture: null,
  canUserSeeConversationList: true,
  canUserCreateMoreConversations: true,
  attachmentsEnabled: true,
  attachmentMaxBytes: 52_428_800,
  showAIDisclaimer: true,
  endSessionEnabled: false,
  helpCentreUrl: null,
};

/** The settings as told; what is absent, or of another type than it should be, is as it would be by default. */
export function configOf(told: unknown): Config {
  const inner = (told as { settings?: unknown } | null)?.settings ?? {};
  const given = typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>) : {};
  const fits = (name: keyof Config): boolean => {
    const value = given[name];
    const standard = DEFAULTS[name];
    if (name === "prechatCapture") return typeof value === "object";
    return standard === null ? typeof value === "string" : typeof value === typeof standard;
  };
  const names = (Object.keys(DEFAULTS) as (keyof Config)[]).filter(fits);
  return { ...DEFAULTS, ...Object.fromEntries(names.map((name) => [name, given[name]])) };
}

/** The settings of the server; the defaults where they cannot be had, since a plain messenger is better than none. */
export async function fetchConfig(api: Api): Promise<Config> {
  try {
    return configOf(await api.config());
  } catch {
    return DEFAULTS;
  }
}

/** The page's own wishes over the settings. */
export function customized(config: Config, wishes: Customization | undefined): Config {
  if (wishes === undefined) return config;
  const { brandColor, conversationColor, actionColor, businessName, businessIconUrl } = wishes;
  const given = { brandColor, conversationColor, actionColor, businessName, businessIconUrl };
  const set = Object.entries(given).filter(([, value]) => typeof value === "string");
  return { ...config, ...Object.fromEntries(set) };
}
