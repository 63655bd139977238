import { expect, test } from "vitest";
import { agreedIn, consensusOf, USUAL } from "../../../host/cli/kiosk/agreed.ts";
import { nearest } from "../../../host/cli/nearest.ts";
import { parseConfig } from "../../../host/config/parse-config.ts";

function configBy(text: string) {
  const parsed = parseConfig(text, nearest);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

const optionsIn = (text: string) => consensusOf(agreedIn(configBy(text)));

test("each phase adds to the one before it, and the last is what a file has that says nothing [U06]", () => {
  const [basic, advanced, robust] = ["basic", "advanced", "robust"].map((phase) => `performance: {phase: ${phase}}`);
  expect(optionsIn(basic!)).toMatchObject({ window: 1, batchLengthMax: 1, fastPath: false });
  expect(optionsIn(advanced!)).toMatchObject({ window: 8, batchLengthMax: 50, fastPath: false });
  expect(optionsIn(robust!)).toEqual(consensusOf(USUAL));
  expect(optionsIn(robust!)).toEqual(optionsIn(""));
  const looks = [basic, advanced, robust].map((text) => {
    const { anomaly_detection, statistical_analysis } = configBy(text!).fault_detection;
    return [anomaly_detection, statistical_analysis];
  });
  expect(looks).toEqual([
    [false, false],
    [true, true],
    [true, true],
  ]);
});

test("what a key says goes before the phase, one by one [U06]", () => {
  const text = `
performance: {phase: basic, batch_size: 7, fast_path_enabled: true}
fault_detection: {anomaly_detection: true}`;
  expect(optionsIn(text)).toMatchObject({ window: 1, batchLengthMax: 7, fastPath: true });
  expect(configBy(text).fault_detection).toMatchObject({ anomaly_detection: true, statistical_analysis: false });
  expect(optionsIn("performance: {phase: robust, fast_path_enabled: false}").fastPath).toBe(false);
});

test("no phase changes what keeps chips safe", () => {
  const safe = (phase: string) => {
    const { security, network, consensus, fault_detection: detection } = configBy(`performance: {phase: ${phase}}`);
    const { checkpointEvery, rules, profile } = optionsIn(`performance: {phase: ${phase}}`);
    return { security, network, consensus, enabled: detection.enabled, checkpointEvery, rules, profile };
  };
  expect(safe("basic")).toEqual(safe("robust"));
  expect(safe("advanced")).toEqual(safe("robust"));
});
