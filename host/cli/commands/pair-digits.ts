/** Six digits that are read across a room: five rows of blocks. */

const ROWS_COUNT = 5;

/** Three columns each, of a row after the other. */
const DIGITS: readonly string[] = Object.freeze([
  ...["###" + "# #" + "# #" + "# #" + "###", "  #" + "  #" + "  #" + "  #" + "  #"],
  ...["###" + "  #" + "###" + "#  " + "###", "###" + "  #" + "###" + "  #" + "###"],
  ...["# #" + "# #" + "###" + "  #" + "  #", "###" + "#  " + "###" + "  #" + "###"],
  ...["###" + "#  " + "###" + "# #" + "###", "###" + "  #" + "  #" + "  #" + "  #"],
  ...["###" + "# #" + "###" + "# #" + "###", "###" + "# #" + "###" + "  #" + "###"],
]);

/** Each column twice as wide, as a letter is half as wide as high. */
export const largeDigits = (code: string): string[] =>
  Array.from({ length: ROWS_COUNT }, (_, row) =>
    [...code]
      .map((digit, at) => {
        const columns = (DIGITS[Number(digit)] as string).slice(3 * row, 3 * row + 3);
        return (at === 3 ? "    " : "") + columns.replaceAll("#", "██").replaceAll(" ", "  ");
      })
      .join("  ")
      .trimEnd(),
  );
