/** The foot of a diamond of imports: it runs once, whoever imports it. */
export const order: string[] = ["shared"];
