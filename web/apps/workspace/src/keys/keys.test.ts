import { describe, expect, it, vi } from "vitest";
import { meant, shown, written, type Binding, type Pressed } from "./keys.js";

const pressed = (key: string, more: Partial<Pressed> = {}): Pressed => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...more });
const binding = (keys: string, more: Partial<Binding> = {}): Binding => ({ keys, group: "page", words: keys, act: vi.fn(), ...more });

describe("how a pressed key is written", () => {
  it("names Command on a Mac and Control elsewhere the same", () => {
    expect(written(pressed("k", { ctrlKey: true }), false)).toBe("Mod+k");
    expect(written(pressed("k", { metaKey: true }), true)).toBe("Mod+k");
    expect(written(pressed("K", { ctrlKey: true, shiftKey: true }), false)).toBe("Mod+Shift+k");
  });

  it("leaves out the shift that makes a sign", () => {
    expect(written(pressed("?", { shiftKey: true }), false)).toBe("?");
    expect(written(pressed("J", { shiftKey: true }), false)).toBe("J");
    expect(written(pressed("ArrowDown", { shiftKey: true }), false)).toBe("Shift+ArrowDown");
  });
});

describe("which binding a key means", () => {
  const all = [binding("j"), binding("g m"), binding("g a"), binding("Mod+k", { whileWriting: true }), binding("x", { isOff: true })];
  const keys = (earlier: string | null, key: string, writing = false) => {
    const found = meant(all, earlier, key, writing);
    return [found.binding?.keys ?? null, found.first];
  };

  it("knows keys alone and two in a row", () => {
    expect(keys(null, "j")).toEqual(["j", false]);
    expect(keys(null, "g")).toEqual([null, true]);
    expect(keys("g", "m")).toEqual(["g m", false]);
    expect(keys("g", "j")).toEqual(["j", false]);
    expect(keys(null, "x")).toEqual([null, false]);
  });

  it("leaves plain keys to whoever writes", () => {
    expect(keys(null, "j", true)).toEqual([null, false]);
    expect(keys(null, "g", true)).toEqual([null, false]);
    expect(keys(null, "Mod+k", true)).toEqual(["Mod+k", false]);
  });

  it("takes what was bound last, such as a dialog's", () => {
    const later = binding("j");
    expect(meant([...all, later], null, "j", false).binding).toBe(later);
  });
});

it("shows keys as keyboards have them", () => {
  expect(shown("Mod+k", false)).toEqual(["Ctrl K"]);
  expect(shown("Mod+k", true)).toEqual(["⌘K"]);
  expect(shown("g m", false)).toEqual(["G", "M"]);
  expect(shown("Shift+ArrowDown", false)).toEqual(["⇧ ↓"]);
});
