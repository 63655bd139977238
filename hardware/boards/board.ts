/** What a program must know of a board, and a person who wires one. One file a board holds all of it: the modem's host, the
 * virtual board and air, the flasher and the documentation read nothing else. */

export type Phy = "1M" | "2M" | "codedS2" | "codedS8";

export interface Board {
  /** What the hello says and the command line takes. */
  readonly name: string;
  readonly title: string;
  /** For `mcconfig -p`. */
  readonly platform: string;
  readonly chip: string;
  readonly pins: UartPins;
  readonly wirings: readonly Wiring[];
  readonly line: LinePolicy;
  /** Unread bytes that the UART holds while JavaScript is busy. */
  readonly receiveSpace: number;
  readonly transmitSpace: number;
  /** Rates that work on both ends, ascending. */
  readonly bauds: readonly number[];
  /** Before a self-test of the wire has allowed more. */
  readonly baud: number;
  /** Estimated from instruction counts: what one full packet costs the board's JavaScript. */
  readonly packetMs: number;
  readonly ble: BleFacts;
  readonly natives: NativeFacts;
  readonly memory: MemoryFacts;
  readonly flash: FlashFacts;
  readonly power: PowerFacts;
  /** What a person does when nothing answers any more. */
  readonly recovery: string;
  /** Said by somebody who held one, never by a model of it. */
  readonly triedOnHardware: boolean;
}

/** As the silk screen or the data sheet names them. */
export interface UartPins {
  readonly transmit: string;
  readonly receive: string;
}

export interface Wiring {
  /** A bridge is on the board, behind its own USB socket; an adapter and a header are three jumper wires. */
  readonly kind: "bridge" | "adapter" | "piHeader";
  readonly words: string;
}

/** The level of a control line while the port is open. */
export type LineLevel = "low" | "high" | "unconnected";

export interface LinePolicy {
  readonly dtr: LineLevel;
  readonly rts: LineLevel;
}

export interface BleFacts {
  readonly server: boolean;
  readonly client: boolean;
  /** Both at once, as the bench has seen it on a real board. */
  readonly dualProved: boolean;
  readonly linksAsServer: number;
  readonly linksAsClient: number;
  /** Values that the stack queues, a link and direction; one more is dropped in silence. */
  readonly stackQueue: number;
  /** Data packets a connection event and direction; undefined: as many as the event holds. */
  readonly packetsPerEvent: number | undefined;
  /** The longest connection event; undefined: until the next link's. */
  readonly eventMs: number | undefined;
  /** What the client asks for without a native module. */
  readonly intervalMinMs: number;
  readonly intervalMaxMs: number;
  readonly supervisionMs: number;
  readonly mtuMax: number;
  readonly rssiAsServer: boolean;
  readonly rssiAsClient: boolean;
  /** Ending a pending connection, without the optional native calls. */
  readonly cancel: boolean;
  readonly channelSelection: 1 | 2;
  readonly transmitDbm: number;
  /** A physical layer that is missing here is missing on the board. */
  readonly sensitivityDbm: { readonly [phy in Phy]?: number };
}

/** C modules that can be built in where the vendor's headers are. */
export interface NativeFacts {
  readonly parameters: boolean;
  readonly cancel: boolean;
  readonly deepSleep: boolean;
  readonly crc: boolean;
}

/** What XS may use. */
export type MemoryFacts =
  | { readonly kind: "split"; readonly chunkBytes: number; readonly heapSlots: number; readonly stackSlots: number }
  /** Slots, chunks and stack share it. */
  | { readonly kind: "block"; readonly bytes: number };

export type FlashMethod =
  | {
      readonly kind: "uf2";
      readonly family: number;
      /** Where an application begins, by the SoftDevice that INFO_UF2.TXT names. */
      readonly bases: { readonly s140v6: number; readonly s140v7: number };
      readonly bootloaders: readonly Uf2Bootloader[];
    }
  | {
      readonly kind: "esptool";
      /** As the loader's library names it. */
      readonly chip: string;
      /** In the header of every image for it. */
      readonly chipId: number;
      readonly bootloaderOffset: number;
    }
  | { readonly kind: "vendorTool"; readonly tool: string; readonly words: string };

/** Who may answer on the board's volume, by the Board-ID in its INFO_UF2.TXT. */
export interface Uf2Bootloader {
  readonly boardId: string;
  readonly volume: string;
  /** It refuses blocks from here on: its own data, then itself. */
  readonly end: number;
}

export interface FlashFacts {
  readonly bytes: number;
  /** A bound above any image that fits. */
  readonly imageSizeMax: number;
  readonly method: FlashMethod;
}

/** Mean current at 3.3 V: base + k links × event charge ÷ interval + duties × their currents + packets × their charge. */
export interface PowerFacts {
  readonly baseMilliamps: number;
  readonly eventMicrocoulombs: number;
  readonly scanMilliamps: number;
  readonly cpuMilliamps: number;
  readonly packetMillicoulombs: number;
}
