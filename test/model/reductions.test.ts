/** What makes fewer states of a table leaves out none that could show a violation. */
import { describe, expect, test } from "vitest";
import { engine } from "./engine.ts";
import { explore } from "./explore.ts";
import { modelOf } from "./locals.ts";
import { comparing } from "./mirror.ts";
import { type Setting, settingText, tableOf } from "./setting.ts";
import type { Triple } from "./triples.ts";

const LIES_AT_FIRST: Setting = { byzantine: 0, fastPath: true, sequences: 1 };
const LIES_NEXT: Setting = { byzantine: 1, fastPath: true, sequences: 2 };
const LIES_BESIDE: Setting = { byzantine: 2, fastPath: false, sequences: 1 };

describe("with mirror images told apart", () => {
  for (const setting of [LIES_AT_FIRST, LIES_NEXT]) {
    test(`there are more states, and each is the image of one that was visited: ${settingText(setting)}`, () => {
      const beginning = modelOf(tableOf(setting, engine));
      const reduced = explore(beginning, { statesMax: STATES_MAX, depthMax: 4 });
      const imageOf = comparing(beginning.model);
      const images = new Set<string>();
      const whole = explore(beginning, {
        ...{ statesMax: STATES_MAX, depthMax: 4, reductions: { unseen: true, mirror: false } },
        onState: (state) => images.add(imageOf(state).join(" ")),
      });
      expect([reduced.depth, whole.depth]).toEqual([4, 4]);
      expect(whole.states).toBeGreaterThan(1.5 * reduced.states);
      expect(images.size).toBe(reduced.states);
    });
  }
});

describe("with unseen steps taken one by one", () => {
  for (const setting of [LIES_AT_FIRST, LIES_BESIDE]) {
    test(`there are more states, and nobody shows a face that was not seen without: ${settingText(setting)}`, () => {
      const beginning = modelOf(tableOf(setting, engine));
      const { locals } = beginning.model;
      const facesOf = (state: Triple): string => state.map((local) => locals[local].face).join(" ");
      const faces = (unseen: boolean): { readonly states: number; readonly all: ReadonlySet<string> } => {
        const all = new Set<string>();
        const { states, depth } = explore(beginning, {
          ...{ statesMax: STATES_MAX, depthMax: 4, reductions: { unseen, mirror: false } },
          onState: (state) => all.add(facesOf(state)),
        });
        expect(depth).toBe(4);
        return { states, all };
      };
      const reduced = faces(true);
      const whole = faces(false);
      expect(whole.states).toBeGreaterThan(reduced.states);
      expect(whole.all.size).toBeGreaterThan(50);
      expect([...whole.all].filter((each) => !reduced.all.has(each))).toEqual([]);
    });
  }
});

const STATES_MAX = 100_000;
