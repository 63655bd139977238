/** The session's cookie. Cookies do not tell ports apart, so that each kiosk of one machine has one of its own name. */
const TOKEN = /^[0-9a-f]{64}$/;

export const cookieName = (port: number): string => `hardway-${port}`;

/** Undefined where there is none, or none of ours. */
export function tokenIn(header: string | undefined, port: number): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const [name, value = ""] = pair.trim().split("=");
    if (name === cookieName(port) && TOKEN.test(value)) return value;
  }
  return undefined;
}

/** For this host alone, sent by its own pages alone, and read by no script. It ends with the browser. */
export const cookieOf = (port: number, token: string): string =>
  `${cookieName(port)}=${token}; Path=/; HttpOnly; SameSite=Strict`;

export const noCookie = (port: number): string => `${cookieName(port)}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`;
