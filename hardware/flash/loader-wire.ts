/** What esptool-js asks of the wire that it is given; `loader-transport.ts` is ours. */
export interface LoaderWire {
  tracing: boolean;
  baudrate: number;
  trace(message: string): void;
  hexConvert(bytes: Uint8Array): string;
  hexify(bytes: Uint8Array): string;
  getInfo(): string;
  getVid(): number | undefined;
  getPid(): number | undefined;
  connect(baud: number): Promise<void>;
  disconnect(): Promise<void>;
  changeBaudrate(baud: number): Promise<boolean>;
  readLoop(): Promise<void>;
  read(timeoutMs: number): Promise<Uint8Array>;
  write(bytes: Uint8Array): Promise<void>;
  peek(): Uint8Array;
  inWaiting(): number;
  flushInput(): void;
  flushOutput(): Promise<void>;
  drainInput(quietMs?: number, mostMs?: number): Promise<void>;
  setRTS(state: boolean): Promise<void>;
  setDTR(state: boolean): Promise<void>;
  setSignals(dtr?: boolean, rts?: boolean): Promise<void>;
}
