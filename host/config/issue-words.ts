/** What a value is not, in words. None repeats the value: it may be a secret that stands in the wrong place. */

/** As zod has it; of its kinds the few that this schema can raise. */
export interface Issue {
  readonly code?: string | undefined;
  readonly message: string;
  readonly path: readonly PropertyKey[];
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
}

interface RawIssue {
  readonly code?: string | undefined;
  readonly expected?: unknown;
  readonly values?: readonly unknown[];
  readonly origin?: unknown;
  readonly minimum?: unknown;
  readonly maximum?: unknown;
  readonly input?: unknown;
}

export function issueWords({ code, expected, values, origin, minimum, maximum, input }: RawIssue): string {
  switch (code) {
    case "invalid_type":
      return input === null ? `it has no value, and wants ${kindOf(expected)}` : `it is not ${kindOf(expected)}`;
    case "invalid_value":
      return `it is not ${(values ?? []).length === 1 ? "" : "one of "}${(values ?? []).join(", ")}`;
    case "too_small":
      return origin === "string" ? "it is empty" : `it is less than ${String(minimum)}`;
    case "too_big":
      if (origin === "string") return `it has more than ${String(maximum)} letters`;
      return origin === "array" ? `it has more than ${String(maximum)} entries` : `it is more than ${String(maximum)}`;
    default:
      return "it has not the form that is wanted";
  }
}

function kindOf(expected: unknown): string {
  switch (expected) {
    case "int":
      return "a whole number";
    case "number":
      return "a number";
    case "boolean":
      return "true or false";
    case "array":
      return "a list";
    case "object":
      return "a section with keys";
    default:
      return "text: numbers, true and false are text within quotation marks";
  }
}
