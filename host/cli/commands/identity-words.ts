/** A key as people compare it: over the telephone, or from one screen to another. Eight words of eight bits each were within reach of
 * who looks for a key that reads the same; ten are not. */
import { assert } from "../../../protocol/core/assert.ts";
import { domainDigest } from "../../crypto/domain-digest.ts";

/** 80 bits: whoever tries a thousand million keys a second finds such another one in 38 million years. */
export const FINGERPRINT_WORDS_COUNT = 10;

export function fingerprint(key: Uint8Array): string {
  const digest = domainDigest("hardway fingerprint", key);
  return [...digest.subarray(0, FINGERPRINT_WORDS_COUNT)].map((byte) => FINGERPRINT_WORDS[byte]).join(" ");
}

/** Told apart by their first three letters, so that a bad line spoils none. Their order is part of every fingerprint. */
export const FINGERPRINT_WORDS: readonly string[] = Object.freeze(
  `
    acorn actor admiral album almond amber anchor angle ankle apple arrow atlas autumn avocado axis bacon
    badge bamboo banjo barrel basket beetle bicycle biscuit blanket blossom bottle bracket bridge bronze bucket buffalo
    butter cabin cactus camel candle carpet castle cello cement cherry chimney cinema circle clover cobra coffee
    comet copper cotton cousin cradle crystal cupboard curtain cymbal dagger daisy dancer desert diamond dinner dolphin
    donkey dragon drummer eagle earth echo elbow elephant emerald engine fabric falcon feather ferry fiddle finger
    flamingo flute forest fossil fountain fridge funnel galaxy garden gazelle ginger giraffe glacier glove goblet gorilla
    gravel guitar hammer harbour hazel hedgehog helmet heron hockey honey hotel husky iceberg igloo incense indigo
    insect island ivory jacket jaguar jasmine jelly jigsaw jockey jungle kangaroo kayak kettle kitten koala ladder
    lagoon lantern lava leather lemon leopard library lily lizard lobster locket lotus lumber lyric magnet mammoth
    mango maple marble meadow melon meteor midnight mirror monkey mosaic mountain muffin museum napkin nectar needle
    nickel noodle nutmeg oasis ocean octopus olive onion opera orange orchid ostrich otter oven oyster paddle
    pajama palace panda paprika parrot peanut pebble pelican pepper piano pickle pigeon pilot planet plume pocket
    polar poppy potato prism puffin pumpkin puzzle pyramid quartz quiver rabbit radish raven ribbon river robin
    rocket ruby saddle saffron salmon sandal satchel scarf sculptor shadow silver sketch skyline slipper snowman sofa
    spider squirrel statue stork sugar sunset swallow tablet tango teapot temple thimble thunder tiger tomato tornado
    toucan tractor trumpet tulip tunnel turtle umbrella unicorn valley vanilla velvet violin volcano waffle walnut whisker
`
    .trim()
    .split(/\s+/),
);

assert(FINGERPRINT_WORDS.length === 256, "there is a word for each byte");
