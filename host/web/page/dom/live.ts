/** The line to the kiosk: frames in, orders out, and again and again when it breaks. */
import type { Frame, PageFrame } from "../../contract/frames.ts";

export interface Live {
  /** False where there is no line at the moment. */
  send(frame: PageFrame): boolean;
  /** For good. */
  close(): void;
}

export interface LiveEvents {
  readonly onFrame: (frame: Frame) => void;
  readonly onLost: () => void;
}

export function goLive(address: string, { onFrame, onLost }: LiveEvents): Live {
  let socket: WebSocket | undefined;
  let attempts = 0;
  let isClosed = false;
  const open = (): void => {
    const line = new WebSocket(address);
    socket = line;
    line.onmessage = ({ data }) => {
      attempts = 0;
      if (typeof data === "string") onFrame(JSON.parse(data) as Frame);
    };
    line.onclose = () => {
      if (socket === line) socket = undefined;
      if (isClosed) return;
      onLost();
      setTimeout(reopen, Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** attempts));
      attempts += 1;
    };
  };
  const reopen = (): void => {
    if (!isClosed) open();
  };
  open();
  return {
    send(frame) {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    close() {
      isClosed = true;
      socket?.close();
    },
  };
}

/** The same host that the page came from, and the kiosk that the page was asked for. */
export function liveAddress({ protocol, host, search }: Location): string {
  const kiosk = new URLSearchParams(search).get("kiosk");
  const query = kiosk === null ? "" : `?kiosk=${encodeURIComponent(kiosk)}`;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/api/live${query}`;
}

const RETRY_MS = 250;
const RETRY_MAX_MS = 4_000;
