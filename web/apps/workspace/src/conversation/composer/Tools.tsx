/** The buttons below what is written: marks, signs, files, macros. */

import { Bold, Italic, Link, List, ListOrdered, Paperclip, Smile, Zap } from "lucide-react";
import { useRef } from "react";
import { hintOf } from "../../keys/useKeys.js";
import { useTexts } from "../../texts/language.js";
import { DialogTrigger, IconButton, Popover } from "../../ui/index.js";
import { Emoji } from "./Emoji.js";
import { linked, listed, wrapped, type Edit } from "./markdown.js";
import type { Editor } from "./useEditor.js";

interface Props {
  editor: Editor;
  isRich: boolean;
  add: (files: readonly File[]) => void;
  macros: () => void;
}

export function Tools({ editor, isRich, add, macros }: Props) {
  const texts = useTexts();
  const input = useRef<HTMLInputElement>(null);
  const chosen = (): void => {
    const box = input.current;
    if (box === null) return;
    add([...(box.files ?? [])]);
    box.value = "";
  };
  return (
    <div className="talk-tools" role="toolbar" aria-label={texts.talkTools}>
      {isRich && <Marks editor={editor} />}
      <DialogTrigger>
        <IconButton label={texts.talkEmoji}>
          <Smile size={17} aria-hidden />
        </IconButton>
        <Popover label={texts.talkEmoji} placement="top start">
          {(close) => (
            <Emoji
              choose={(sign) => {
                close();
                editor.insert(sign);
              }}
            />
          )}
        </Popover>
      </DialogTrigger>
      <IconButton label={texts.talkAttach} onPress={() => input.current?.click()}>
        <Paperclip size={17} aria-hidden />
      </IconButton>
      <input ref={input} type="file" multiple hidden onChange={chosen} />
      <IconButton label={texts.talkMacros} keys="/" onPress={macros}>
        <Zap size={17} aria-hidden />
      </IconButton>
    </div>
  );
}

function Marks({ editor }: { editor: Editor }) {
  const texts = useTexts();
  const mark = (how: (edit: Edit) => Edit) => () => editor.put(how(editor.now()));
  return (
    <>
      <IconButton label={texts.talkBold} keys={hintOf("Mod+b")} onPress={mark((edit) => wrapped(edit, "**"))}>
        <Bold size={16} aria-hidden />
      </IconButton>
      <IconButton label={texts.talkItalic} keys={hintOf("Mod+i")} onPress={mark((edit) => wrapped(edit, "_"))}>
        <Italic size={16} aria-hidden />
      </IconButton>
      <IconButton label={texts.talkLink} keys={hintOf("Mod+k")} onPress={mark(linked)}>
        <Link size={16} aria-hidden />
      </IconButton>
      <IconButton label={texts.talkBullets} onPress={mark((edit) => listed(edit, false))}>
        <List size={17} aria-hidden />
      </IconButton>
      <IconButton label={texts.talkNumbers} onPress={mark((edit) => listed(edit, true))}>
        <ListOrdered size={17} aria-hidden />
      </IconButton>
    </>
  );
}
