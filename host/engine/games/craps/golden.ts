/** Scenarios that every table must come to, by the figures of the printed layouts. They run with `game check`. */
import { type CrapsGolden, scenario } from "./scenario.ts";

const WITH_STAKE = { fee: "withStake" } as const;

export const GOLDEN: readonly CrapsGolden[] = Object.freeze([
  scenario("pass: a natural seven wins", "bet pass 10; roll 7; net pass 10"),
  scenario("pass: a natural eleven wins", "bet pass 10; roll 11; net pass 10"),
  scenario("pass: two is craps", "bet pass 10; roll 2; net pass -10"),
  scenario("pass: three is craps", "bet pass 10; roll 3; net pass -10"),
  scenario("pass: twelve is craps", "bet pass 10; roll 12; net pass -10"),
  scenario("don't pass: two wins", "bet dont-pass 10; roll 2; net dont-pass 10"),
  scenario("don't pass: three wins", "bet dont-pass 10; roll 3; net dont-pass 10"),
  scenario(
    "don't pass: twelve is barred, and the bet stands",
    "bet dont-pass 10; roll 12; net 0; take dont-pass 10; net 0",
  ),
  scenario("don't pass: a natural loses", "bet dont-pass 10; roll 7; net dont-pass -10"),
  scenario("don't pass: eleven loses", "bet dont-pass 10; roll 11; net dont-pass -10"),

  scenario("pass with odds on six", "bet pass 10; roll 6; bet pass-odds 25; roll 6; net pass 10; net pass-odds 30"),
  scenario("pass with odds on four", "bet pass 10; roll 4; bet pass-odds 10; roll 4; net 30"),
  scenario("pass with odds: a seven-out", "bet pass 10; roll 5; bet pass-odds 10; roll 9; roll 7; net -20"),

  scenario("don't pass lays on four, and wins", "bet dont-pass 10; roll 4; bet dont-pass-odds 20; roll 7; net 20"),
  scenario("don't pass lays on four, and loses", "bet dont-pass 10; roll 4; bet dont-pass-odds 20; roll 4; net -30"),
  scenario("don't pass lays on six, and wins", "bet dont-pass 10; roll 6; bet dont-pass-odds 12; roll 7; net 20"),

  scenario(
    "come odds rest on a come-out: its seven takes the flat bet alone",
    "roll 8; bet come 10; roll 5; bet come-odds-5 10; roll 8; bet pass 10; roll 7; net come-on-5 -10; net come-odds-5 0; net pass 10",
  ),
  scenario(
    "come odds rest on a come-out: the number pays the flat bet alone",
    "roll 8; bet come 10; roll 5; bet come-odds-5 10; roll 8; roll 5; net come-on-5 10; net come-odds-5 0",
  ),
  scenario(
    "come odds that are called win on a come-out",
    "roll 8; bet come 10; roll 5; bet come-odds-5 10; roll 8; call come-odds-5 on; roll 5; net 25",
  ),
  scenario(
    "come odds that are called lose on a come-out",
    "roll 8; bet come 10; roll 5; bet come-odds-5 10; roll 8; call come-odds-5 on; roll 7; net -20",
  ),
  scenario(
    "don't come odds work on a come-out, and win",
    "roll 8; bet dont-come 10; roll 4; bet dont-come-odds-4 20; roll 8; roll 7; net 20",
  ),
  scenario(
    "don't come odds work on a come-out, and lose",
    "roll 8; bet dont-come 10; roll 4; bet dont-come-odds-4 20; roll 8; roll 4; net -30",
  ),
  scenario("come: twelve loses", "roll 8; bet come 10; roll 12; net -10"),
  scenario("come: eleven wins", "roll 8; bet come 10; roll 11; net 10"),
  scenario(
    "don't come: twelve is barred, and the bet stays",
    "roll 8; bet dont-come 10; roll 12; take dont-come 10; net 0",
  ),
  scenario("don't come: eleven loses", "roll 8; bet dont-come 10; roll 11; net -10"),
  scenario(
    "off and on: the old come bet is paid, and the new one takes its place",
    "roll 8; bet come 10; roll 6; bet come 10; roll 6; net come-on-6 10; roll 7; net come-on-6 0",
  ),

  scenario(
    "place bets stay up, rest on a come-out, and lose to the seven",
    "roll 5; bet place-6 12; bet place-8 12; roll 6; net 14; roll 8; net 28; roll 5; roll 7; net 28; roll 9; roll 7; net 4",
  ),
  scenario("buy, the fee with the stake: a win", "roll 5; bet buy-4 20; roll 4; net 39", WITH_STAKE),
  scenario("buy, the fee with the stake: a loss", "roll 5; bet buy-4 20; roll 7; net -21", WITH_STAKE),
  scenario("buy, the fee out of the win: a win", "roll 5; bet buy-4 20; roll 4; net 39"),
  scenario("buy, the fee out of the win: a loss", "roll 5; bet buy-4 20; roll 7; net -20"),
  scenario("lay: a win", "roll 5; bet lay-10 40; roll 7; net 19"),
  scenario("lay, the fee with the stake: a loss", "roll 5; bet lay-10 40; roll 10; net -41", WITH_STAKE),
  scenario("lay, the fee out of the win: a loss", "roll 5; bet lay-10 40; roll 10; net -40"),

  scenario("hard eight, the hard way", "bet hard-8 5; roll 6-5; net 0; roll 4-4; net 45"),
  scenario("hard eight by five and three", "bet hard-8 5; roll 5-3; net -5"),
  scenario("hard eight by six and two", "bet hard-8 5; roll 6-2; net -5"),
  scenario("hard eight and the seven", "bet hard-8 5; roll 7; net -5"),
  scenario("hard eight and a six", "bet hard-8 5; roll 6; net 0; take hard-8 5; net 0"),
  scenario("field: twelve pays three", "bet field 10; roll 12; net field 30"),
  scenario("field: twelve pays two where it says so", "bet field 10; roll 12; net field 20", { fieldTwelvePays: 2 }),
  scenario("field: two", "bet field 10; roll 2; net field 20"),
  scenario("field: nine", "bet field 10; roll 9; net field 10"),
  scenario("field: eight", "bet field 10; roll 8; net field -10"),

  scenario("horn on twelve", "bet horn 4; roll 12; net horn 27"),
  scenario("horn on two", "bet horn 4; roll 2; net horn 27"),
  scenario("horn on eleven", "bet horn 4; roll 11; net horn 12"),
  scenario("horn on three", "bet horn 4; roll 3; net horn 12"),
  scenario("horn and the seven", "bet horn 4; roll 7; net horn -4"),
  scenario("world: the seven gives the stake back", "bet world 5; roll 7; net world 0"),
  scenario("world on two", "bet world 5; roll 2; net world 26"),
  scenario("world on three", "bet world 5; roll 3; net world 11"),
  scenario("world and an eight", "bet world 5; roll 8; net world -5"),
  scenario("craps and eleven on three", "bet craps-eleven 2; roll 3; net craps-eleven 6"),
  scenario("craps and eleven on eleven", "bet craps-eleven 2; roll 11; net craps-eleven 14"),
  scenario("craps and eleven and the seven", "bet craps-eleven 2; roll 7; net craps-eleven -2"),
  scenario(
    "a hop either way round",
    "bet hop-2-4 5; roll 4-2; net hop-2-4 75; bet hop-2-4 5; roll 2-4; net hop-2-4 150",
  ),
  scenario("a hop by the same total the hard way", "bet hop-2-4 5; roll 3-3; net hop-2-4 -5"),
  scenario("a hard hop", "bet hop-3-3 5; roll 3-3; net hop-3-3 150; bet hop-3-3 5; roll 2-4; net hop-3-3 145"),

  scenario(
    "fire: four points, settled at the seven-out, whatever comes between",
    "bet fire 1; roll 7; roll 4; roll 4; roll 5; roll 5; roll 11; roll 6; roll 6; roll 8; roll 8; roll 9; roll 7; net fire 24",
  ),
  scenario(
    "fire: three different points are none",
    "bet fire 1; roll 4; roll 4; roll 4; roll 4; roll 5; roll 5; roll 6; roll 6; roll 9; roll 7; net fire -1",
  ),
  scenario(
    "fire: all six pay at once",
    "bet fire 1; roll 4; roll 4; roll 5; roll 5; roll 6; roll 6; roll 8; roll 8; roll 9; roll 9; roll 10; net fire 0; roll 10; net fire 999",
  ),
  scenario("small", "bet small 1; roll 3; roll 3; roll 6; roll 2; roll 5; roll 11; roll 4; net small 30", {
    smallPays: 30,
  }),
  scenario("small and a come-out seven", "bet small 1; roll 7; net small -1"),
  scenario("a repeater, forty for one", "bet repeater-2 1; roll 2; roll 9; roll 2; net repeater-2 39"),
  scenario("a repeater and the seven", "bet repeater-12 1; roll 12; roll 7; net repeater-12 -1"),
  scenario("put, with odds", "roll 6; bet put-6 10; bet pass-odds 50; roll 6; net put-6 10; net pass-odds 60"),
  scenario(
    "muggsy: two to one before the point, three right after it",
    "bet muggsy 1; roll 7; net muggsy 2; bet muggsy 1; roll 4; roll 7; net muggsy 5; bet muggsy 1; roll 4; roll 5; net muggsy 4",
  ),

  scenario(
    "what may not be",
    [
      "refuse bet come 10: only with a point",
      "refuse bet pass-odds 10: only with a point",
      "bet dont-pass 10; roll 6",
      "refuse bet pass 10: only on a come-out",
      "refuse bet dont-pass 5: only on a come-out",
      "refuse bet pass-odds 5: no flat bet",
      "refuse bet dont-pass-odds 61: above the odds",
      "bet dont-pass-odds 60",
      "refuse take dont-pass 1: odds behind it",
      "refuse bet put-8 10: not the point",
      "refuse bet fire 1: only for a new shooter",
      "refuse bet small 1: only after a seven",
      "refuse bet come-on-5 10: only by travelling",
      "refuse bet field 0: not a whole stake",
      "refuse bet nothing 1: no such bet",
      "refuse take field 1: no bet there",
      "bet come 10; roll 5",
      "refuse take come-on-5 10: contract",
      "refuse call come-on-5 off: always works",
      "refuse pass-dice: puck is on",
    ].join("; "),
  ),
]);
