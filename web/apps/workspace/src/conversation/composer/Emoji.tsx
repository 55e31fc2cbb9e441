/** Emoji to choose from, with a search: the arrows move in the grid while one types. */

import { useMemo, useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { plain } from "../../palette/commands.js";
import { useLanguage } from "../../texts/language.js";
import { SearchBox } from "../../ui/index.js";
import { SIGNS } from "./signs.js";

export function Emoji({ choose }: { choose: (sign: string) => void }) {
  const { language, texts } = useLanguage();
  const [words, setWords] = useState("");
  const shown = useMemo(() => SIGNS.filter(({ names }) => plain(names[language]).includes(plain(words))), [language, words]);
  return (
    <div className="talk-emoji">
      <Autocomplete inputValue={words} onInputChange={setWords}>
        <SearchBox label={texts.talkFindEmoji} clear={texts.talkClear} autoFocus />
        <ListBox aria-label={texts.talkEmoji} layout="grid" onAction={(key) => choose(String(key))} renderEmptyState={() => <p className="talk-faint">{texts.talkNoEmoji}</p>}>
          {shown.map(({ sign, names }) => (
            <ListBoxItem key={sign} id={sign} textValue={names[language]} aria-label={names[language]}>
              {sign}
            </ListBoxItem>
          ))}
        </ListBox>
      </Autocomplete>
    </div>
  );
}
