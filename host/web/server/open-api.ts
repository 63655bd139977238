/** The description of all addresses in the form that other programs read (OpenAPI 3.1), made of the same schemas that are checked. */
import { z } from "zod";
import { Refused } from "../contract/answers.ts";
import { Frame, PageFrame } from "../contract/frames.ts";
import { ROUTES, type Route } from "./routes.ts";

export function openApi(version: string): { readonly [name: string]: unknown } {
  const paths: { [path: string]: { [method: string]: unknown } } = {};
  for (const [name, route] of ROUTES) {
    paths[route.path] ??= {};
    paths[route.path][route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Hardway kiosk", version, description: "Play money only." },
    paths,
    components: { securitySchemes: { session: { type: "apiKey", in: "cookie", name: "hardway-<port>" } } },
    "x-websocket": {
      path: "/api/live",
      description: "Sends the whole view, then what has changed; takes orders. ?kiosk= as elsewhere.",
      sends: schemaOf(Frame),
      takes: schemaOf(PageFrame, "input"),
    },
  };
}

function operation(name: string, { path, who, words, ofKiosk, query = [], body, answers }: Route): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => parameter(part, "path"));
  const inQuery = [...(ofKiosk ? ["kiosk"] : []), ...query].map((part) => parameter(part, "query"));
  const content = Object.entries(answers).map(([status, schema]) => [
    status,
    { description: words, content: as(schema) },
  ]);
  return {
    operationId: name,
    summary: words,
    parameters: [...inPath, ...inQuery],
    ...(who === "operators" ? { security: [{ session: [] }] } : {}),
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { "application/json": { schema: schemaOf(body, "input") } } } }),
    responses: { ...Object.fromEntries(content), default: { description: "Refused.", content: as(Refused) } },
  };
}

const parameter = (name: string, place: "path" | "query"): object => ({
  ...{ name, in: place, required: place === "path" },
  schema: { type: "integer", minimum: 0 },
});

const as = (schema: z.ZodType | "text"): object =>
  schema === "text"
    ? { "text/plain": { schema: { type: "string" } } }
    : { "application/json": { schema: schemaOf(schema) } };

function schemaOf(schema: z.ZodType, io: "input" | "output" = "output"): object {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}
