/** What a key of the file may hold. Each says its bounds, so that the example, the page of settings and every message have them
 * from here. */
import { z } from "zod";
import { PATH_LENGTH_MAX, PORT_MAX } from "./limits.ts";

export const whole = (from: number, to: number) => z.int().min(from).max(to);

export const fraction = z.number().min(0).max(1);

export const choice = <const T extends readonly string[]>(words: T, why?: string) =>
  z.enum(words, why === undefined ? undefined : { error: () => why });

/** A key that others set to several values and that has one here: with any other the file is refused, and told why. */
export const fixed = <const T extends string | number | boolean>(value: T, why: string) =>
  z.literal(value, { error: () => why }).default(value as never);

/** One line that a screen shows. Its bound is in bytes, for it travels. */
export const line = (sizeMax: number) =>
  z
    .string()
    .min(1)
    .refine((text) => Buffer.byteLength(text) <= sizeMax, { error: `it has more than ${sizeMax} bytes` })
    .refine((text) => !CONTROL.test(text), { error: "it holds a control character" });

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

export const path = z
  .string()
  .min(1)
  .max(PATH_LENGTH_MAX)
  .refine((text) => !CONTROL.test(text), { error: "it holds a control character" });

/** The forms that host/radio opens. */
const DEVICE = /^(?:\/.*|unix:\/.*|virtual:[a-z0-9-]{0,24}|tcp:\/\/(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):[0-9]{1,5})$/;

const DEVICE_FORMS = "it is no device path such as /dev/serial/by-id/…, tcp://host:port, unix:/path or virtual:name";

export const device = z
  .string()
  .max(PATH_LENGTH_MAX)
  .regex(DEVICE, { error: DEVICE_FORMS })
  .refine((text) => !CONTROL.test(text), { error: "it holds a control character" })
  .refine((text) => !text.startsWith("tcp:") || isPort(Number(/[0-9]+$/.exec(text)?.[0])), {
    error: `a port is a number from 1 to ${PORT_MAX}`,
  });

const isPort = (port: number): boolean => port >= 1 && port <= PORT_MAX;

/** As a browser's address line has it, without a port. */
export const hostName = z
  .string()
  .regex(/^(?:[0-9a-fA-F:]*:[0-9a-fA-F:.]*|[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?)$/, {
    error: "it is no name or address of a machine",
  });

/** A broker's address, without a name and a password in it: those would stand in logs. */
export const broker = z
  .string()
  .max(PATH_LENGTH_MAX)
  .regex(/^mqtts?:\/\/(?:\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::[0-9]{1,5})?$/, {
    error: "it is no mqtt://host:port or mqtts://host:port",
  });

export const topicPart = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, {
  error: "it is no plain word of letters, digits, - and _",
});

/** Bytes that nobody may see: no message repeats what stands there. */
export const secret = (size: number) =>
  z.string({ error: SECRET_FORM(size) }).regex(new RegExp(`^[0-9a-fA-F]{${2 * size}}$`), { error: SECRET_FORM(size) });

const SECRET_FORM = (size: number): string => `it is not ${2 * size} hexadecimal digits in quotation marks`;
