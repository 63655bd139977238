/** What is answered at each address, when whoever asks may. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { unreachable } from "../../../protocol/core/assert.ts";
import { actionsOf } from "../contract/actions.ts";
import { type Answer, PinGiven, refused } from "../contract/answers.ts";
import { readJson } from "./body.ts";
import type { Giver } from "./obey.ts";
import type { Operators } from "./operators.ts";
import { sendJson, sendRefused, sendText, statusOf } from "./replies.ts";
import type { RouteName } from "./routes.ts";
import { type Showing, shownTo, viewFor } from "./shown.ts";
import type { WebClock } from "./web-clock.ts";

export interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Of the path and of the query. */
  readonly numbers: { readonly [name: string]: number };
  readonly kiosk: number;
  readonly giver: Giver;
}

export interface Handling {
  readonly kiosks: readonly Showing[];
  readonly names: readonly string[];
  readonly operators: Operators;
  readonly obey: (kiosk: number, order: unknown, giver: Giver) => Promise<Answer>;
  readonly metricsText: (kiosk: number) => string;
  readonly description: { readonly [name: string]: unknown };
  readonly clock: WebClock;
}

const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export async function handle(of: Handling, name: RouteName, call: Call): Promise<void> {
  const { request, response, kiosk, giver, numbers } = call;
  const showing = of.kiosks[kiosk];
  const { port } = showing;
  const { cookie: cookies } = request.headers;
  const isOperator = giver.rank === "operator";
  switch (name) {
    case "kiosks":
      return sendJson(
        response,
        200,
        of.names.map((each, i) => ({ kiosk: i, name: each })),
      );
    case "view": {
      const { revision } = shownTo(showing, isOperator);
      return sendJson(response, 200, { revision, at: of.clock.wallMs(), view: viewFor(showing, isOperator) });
    }
    case "actions": {
      const { craps, own } = port.view().view;
      const seat = own[numbers["seat"] ?? 0];
      if (craps === null) return sendRefused(response, "no table");
      return seat === undefined
        ? sendRefused(response, "no such seat")
        : sendJson(response, 200, actionsOf(craps, seat));
    }
    case "order": {
      const body = await readJson(request);
      if (body === undefined) return;
      if (!body.ok) return sendRefused(response, body.why);
      const answer = await of.obey(kiosk, body.value, giver);
      of.operators.use(cookies);
      return answer.ok ? sendJson(response, 200, answer) : sendJson(response, statusOf(answer.why), answer);
    }
    case "roll": {
      const proof = await port.proof(numbers["roll"]);
      if (proof === undefined) return sendRefused(response, "no such roll");
      const file = `attachment; filename="roll-${numbers["roll"]}.json"`;
      return sendJson(response, 200, proof, { "content-disposition": file });
    }
    case "session":
      return sendJson(response, 200, of.operators.session(cookies));
    case "begin": {
      const body = await readJson(request);
      if (body === undefined) return;
      if (!body.ok) return sendRefused(response, body.why);
      const given = PinGiven.safeParse(body.value);
      if (!given.success) return sendRefused(response, "not an order");
      const begun = await of.operators.begin(given.data.pin, giver.address);
      if (!begun.ok) return sendRefused(response, begun);
      return sendJson(response, 200, begun.session, { "set-cookie": begun.cookie });
    }
    case "end": {
      const ended = of.operators.end(cookies);
      return sendJson(response, 200, ended.session, { "set-cookie": ended.cookie });
    }
    case "settings":
      return sendJson(response, 200, await port.settings());
    case "logs":
      return sendJson(response, 200, await port.logs());
    case "ledger": {
      const exported = (await port.ledger?.()) ?? refused("not now", "hardway ledger export FOLDER writes it.");
      if (!exported.ok) return sendJson(response, statusOf(exported.why), exported);
      return sendJson(response, 200, exported.file, { "content-disposition": 'attachment; filename="ledger.json"' });
    }
    case "health": {
      const health = port.health();
      return sendJson(response, health.state === "failed" ? 503 : 200, health);
    }
    case "ready": {
      const health = port.health();
      return sendJson(response, health.isReady ? 200 : 503, health);
    }
    case "metrics":
      return sendText(response, 200, METRICS_TYPE, of.metricsText(kiosk));
    case "openApi":
      return sendJson(response, 200, of.description);
    default:
      return unreachable(name);
  }
}
