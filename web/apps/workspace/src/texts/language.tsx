/** Gives the whole page its language, and remembers which one the agent chose. */

import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import { catalogues, LANGUAGES, languageOf, type Language, type Texts } from "./index.js";

const KEY = "causerie.language";

interface Spoken {
  readonly language: Language;
  readonly texts: Texts;
  readonly speak: (language: Language) => void;
}

const Context = createContext<Spoken | null>(null);

export function Languages({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => languageOf([localStorage.getItem(KEY) ?? "", ...navigator.languages]));
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo<Spoken>(() => {
    const speak = (chosen: Language) => {
      localStorage.setItem(KEY, chosen);
      setLanguage(chosen);
    };
    return { language, texts: catalogues[language], speak };
  }, [language]);
  // The widgets' library has words of its own, and formats dates: the region is the browser's when the language is.
  const locale = navigator.languages.find((one) => languageOf([one]) === language && LANGUAGES.some((known) => one.startsWith(known)));
  return (
    <I18nProvider locale={locale ?? language}>
      <Context value={spoken}>{children}</Context>
    </I18nProvider>
  );
}

export function useLanguage(): Spoken {
  const spoken = useContext(Context);
  if (spoken === null) throw new Error("outside of <Languages>");
  return spoken;
}

/** The texts in the agent's language. */
export function useTexts(): Texts {
  return useLanguage().texts;
}
