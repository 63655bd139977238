import { describe, expect, test } from "vitest";
import { HIGH } from "../../../protocol/core/packet-class.ts";
import { millis } from "../../../protocol/core/units.ts";
import { outgoing } from "../../../protocol/packet/outgoing.ts";
import {
  acknowledge,
  askAt,
  findLost,
  launch,
  mayRepeat,
  maySend,
  relaunch,
  sendWindow,
} from "../../../protocol/packet/send-window.ts";

const packet = () => outgoing(HIGH, 1, new Uint8Array(10), millis(0));

describe("the send window", () => {
  test("what was sent twice tells nothing about the round trip", () => {
    const window = sendWindow(4);
    const flight = launch(window, packet(), 0, false, millis(0), 60);
    expect(findLost(window, millis(249))).toBe(0);
    expect(findLost(window, millis(250))).toBe(1);
    relaunch(window, flight, millis(250), 60);
    acknowledge(window, 1, 0, millis(260));
    expect(window.trip.smoothedMs).toBe(undefined);
    expect(window.trip.timeoutMs).toBe(500);
    launch(window, packet(), 0, false, millis(300), 60);
    acknowledge(window, 2, 0, millis(340));
    expect(window.trip.smoothedMs).toBe(40);
  });

  test("never waits less than the neighbour needs to answer, nor less than the base of the retries", () => {
    const window = sendWindow(4);
    launch(window, packet(), 0, false, millis(0), 60);
    acknowledge(window, 1, 0, millis(5));
    expect(launch(window, packet(), 0, false, millis(10), 60).dueAt).toBe(110);
    acknowledge(window, 2, 0, millis(15));
    expect(launch(window, packet(), 0, false, millis(20), 600).dueAt).toBe(620);
  });

  test("an acknowledgement of what was never sent changes nothing; an old one is no fault", () => {
    const window = sendWindow(8);
    for (let i = 0; i < 3; i++) {
      launch(window, packet(), 0, false, millis(i), 60);
      acknowledge(window, i + 1, 0, millis(i + 1));
    }
    launch(window, packet(), 0, false, millis(10), 60);
    const before = structuredClone(window);
    expect(acknowledge(window, 5, 0, millis(11))).toBe(false);
    expect(acknowledge(window, 100, 0xff, millis(11))).toBe(false);
    expect(acknowledge(window, 2, 0, millis(11))).toBe(true);
    expect(window).toEqual(before);
    expect(acknowledge(window, 3, 0b10, millis(11))).toBe(true);
    expect(window).toEqual(before);
    expect(acknowledge(window, 3, 1, millis(11))).toBe(true);
    expect(window.flights[0].arrived).toBe(true);
  });

  test("sequences wrap, and eight of them at most are open", () => {
    const window = sendWindow(8);
    for (let i = 0; i < 600; i++) {
      expect(launch(window, packet(), 0, false, millis(i), 60).sequence).toBe(i & 0xff);
      acknowledge(window, (i + 1) & 0xff, 0, millis(i));
    }
    expect(window.size).toBe(8);
    for (let i = 0; i < 8; i++) launch(window, packet(), 0, false, millis(700), 60);
    expect(maySend(window)).toBe(false);
    // All but the first have arrived: there is room under way, but not within the bitmap.
    acknowledge(window, 600 & 0xff, 0b11111110, millis(701));
    expect(mayRepeat(window)).toBe(true);
    expect(maySend(window)).toBe(false);
    expect(askAt(window, 60)).toBe(Number.POSITIVE_INFINITY);
    acknowledge(window, 600 & 0xff, 0xff, millis(702));
    expect(askAt(window, 60)).toBe(802);
  });
});
