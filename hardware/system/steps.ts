/** What an installation does, as data: shown before it is done, and the same whether it is done or not. */

export type Step =
  | { readonly type: "write"; readonly path: string; readonly text: string; readonly isNew: boolean }
  | { readonly type: "remove"; readonly path: string }
  /** So that the service may read it; with all that is in it. */
  | { readonly type: "own"; readonly path: string; readonly user: string }
  | { readonly type: "run"; readonly command: readonly string[]; readonly why: string }
  /** Somebody else wrote it, and it stays. */
  | { readonly type: "leave"; readonly path: string; readonly why: string };

/** What a plan must know of its machine. */
export interface Facts {
  /** Undefined where there is no such file. */
  readonly textOf: (path: string) => string | undefined;
  /** The name of its user; undefined where there is no such file or folder. */
  readonly ownerOf: (path: string) => string | undefined;
  readonly hasUser: (name: string) => boolean;
  readonly isEnabled: (unit: string) => boolean;
  /** It was changed on the disk, and nobody was told. */
  readonly needsReload: (unit: string) => boolean;
  readonly isActive: (unit: string) => boolean;
}

/** A step to somebody who is asked whether it may be done. */
export function stepWords(step: Step): string {
  switch (step.type) {
    case "write":
      return `write ${step.path} (${step.isNew ? "new" : "changed"})`;
    case "remove":
      return `remove ${step.path}`;
    case "own":
      return `give ${step.path} to ${step.user}`;
    case "run":
      return `run ${step.command.join(" ")}: ${step.why}`;
    case "leave":
      return `leave ${step.path}: ${step.why}`;
  }
}

/** Nothing of it changes anything. */
export const isIdle = (steps: readonly Step[]): boolean => steps.every(({ type }) => type === "leave");
