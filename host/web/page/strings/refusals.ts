/** Why the kiosk or the table refused a player, where the reason is none of the game's own. What is not here reaches players only
 * when something is broken, and is shown in the kiosk's English. */

type Sentences = { readonly [why in PlayerRefusal]: string };

export type PlayerRefusal =
  | ("no table" | "does not sit" | "no free place" | "sits already" | "paused" | "muted" | "busy" | "no answer yet")
  | ("too fast" | "failed" | "bets stand" | "has chips" | "re-buys used up" | "bank short" | "not enough" | "accused");

const ENGLISH: Sentences = Object.freeze({
  "no table": "There is no table to sit at.",
  "does not sit": "Take a seat first.",
  "no free place": "Every seat at the table is taken.",
  "sits already": "You are sitting already.",
  paused: "The table is paused.",
  muted: "This kiosk takes no bets at the moment.",
  busy: "Too much at once: wait a moment.",
  "no answer yet": "The table has not answered. It may still do it.",
  "too fast": "Too fast: wait a moment.",
  failed: "That went wrong.",
  "bets stand": "Your bets are still on the table.",
  "has chips": "You still have chips.",
  "re-buys used up": "You have had all the chips there are for one player.",
  "bank short": "The bank has not so many chips.",
  "not enough": "There are not enough chips.",
  accused: "The table must decide about this kiosk first.",
});

const GERMAN: Sentences = Object.freeze({
  "no table": "Es gibt keinen Tisch.",
  "does not sit": "Nimm erst Platz.",
  "no free place": "Alle Plätze am Tisch sind besetzt.",
  "sits already": "Du sitzt schon.",
  paused: "Der Tisch macht Pause.",
  muted: "Dieser Kiosk nimmt gerade keine Wetten an.",
  busy: "Zu viel auf einmal: warte einen Augenblick.",
  "no answer yet": "Der Tisch hat nicht geantwortet. Vielleicht tut er es noch.",
  "too fast": "Zu schnell: warte einen Augenblick.",
  failed: "Das ging schief.",
  "bets stand": "Deine Wetten liegen noch auf dem Tisch.",
  "has chips": "Du hast noch Chips.",
  "re-buys used up": "Du hattest alle Chips, die es für einen gibt.",
  "bank short": "So viele Chips hat die Bank nicht.",
  "not enough": "Es sind nicht genug Chips.",
  accused: "Der Tisch muss erst über diesen Kiosk entscheiden.",
});

const SPANISH: Sentences = Object.freeze({
  "no table": "No hay mesa.",
  "does not sit": "Tome asiento primero.",
  "no free place": "Todos los asientos están ocupados.",
  "sits already": "Ya está sentado.",
  paused: "La mesa está en pausa.",
  muted: "Este quiosco no admite apuestas ahora.",
  busy: "Demasiado a la vez: espere un momento.",
  "no answer yet": "La mesa no ha contestado. Quizá lo haga todavía.",
  "too fast": "Demasiado rápido: espere un momento.",
  failed: "Eso salió mal.",
  "bets stand": "Sus apuestas siguen en la mesa.",
  "has chips": "Aún tiene fichas.",
  "re-buys used up": "Ya tuvo todas las fichas que hay para uno.",
  "bank short": "La banca no tiene tantas fichas.",
  "not enough": "No hay fichas suficientes.",
  accused: "La mesa tiene que decidir antes sobre este quiosco.",
});

const ARABIC: Sentences = Object.freeze({
  "no table": "لا توجد طاولة.",
  "does not sit": "اجلس أولًا.",
  "no free place": "كل المقاعد مشغولة.",
  "sits already": "أنت جالس بالفعل.",
  paused: "الطاولة في استراحة.",
  muted: "لا يقبل هذا الكشك رهانات الآن.",
  busy: "كثير دفعة واحدة: انتظر لحظة.",
  "no answer yet": "لم تجب الطاولة بعد. قد تفعل.",
  "too fast": "أسرع من اللازم: انتظر لحظة.",
  failed: "حدث خطأ.",
  "bets stand": "رهاناتك ما زالت على الطاولة.",
  "has chips": "ما زالت لديك فيش.",
  "re-buys used up": "أخذت كل الفيش المتاحة للاعب واحد.",
  "bank short": "ليس لدى البنك هذا العدد من الفيش.",
  "not enough": "الفيش لا تكفي.",
  accused: "على الطاولة أن تقرر أولًا بشأن هذا الكشك.",
});

export const REFUSAL_TEXTS: { readonly [language: string]: Sentences } = Object.freeze({
  ...{ en: ENGLISH, de: GERMAN, es: SPANISH, ar: ARABIC },
});
