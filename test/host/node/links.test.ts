import { expect, test } from "vitest";
import { allLinks, heardFrom, linkDown, links, linkTo, linkUp } from "../../../host/node/links.ts";

const [left, right] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];

test("whoever was heard over a link is at its other end, by whatever bytes its key comes", () => {
  const of = links();
  linkUp(of, 1);
  linkUp(of, 2);
  expect(linkTo(of, left)).toBe(undefined);
  heardFrom(of, 1, left);
  heardFrom(of, 2, right);
  expect([linkTo(of, left.slice()), linkTo(of, right)]).toEqual([1, 2]);
});

test("everyone is at every link, also where nobody was heard", () => {
  const of = links();
  linkUp(of, 1);
  linkUp(of, 2);
  heardFrom(of, 2, left);
  expect([...allLinks(of)].sort()).toEqual([1, 2]);
});

test("of two links to one neighbour the one where it was heard last is used, until that is gone", () => {
  const of = links();
  linkUp(of, 1);
  linkUp(of, 2);
  heardFrom(of, 2, left);
  heardFrom(of, 1, left);
  expect(linkTo(of, left)).toBe(1);
  linkDown(of, 1);
  expect(linkTo(of, left)).toBe(2);
});

test("what comes over a link that is gone tells nothing, and a link that comes again begins without a name", () => {
  const of = links();
  linkUp(of, 1);
  linkDown(of, 1);
  heardFrom(of, 1, left);
  expect(allLinks(of)).toEqual([]);
  linkUp(of, 2);
  heardFrom(of, 2, left);
  linkUp(of, 2);
  expect(linkTo(of, left)).toBe(undefined);
  expect(allLinks(of)).toEqual([2]);
});
