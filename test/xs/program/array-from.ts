/** Prints the indices that this engine gives to the items of arrays made in three ways. */

const indices = (items: readonly unknown[]): string => Object.keys(items).join();

host.print(`Array.from of a length: ${indices(Array.from({ length: 3 }, () => 7))}`);
host.print(`Array.from of items: ${indices(Array.from([7, 8, 9]))}`);
host.print(`map: ${indices([7, 8, 9].map((item) => item))}`);
