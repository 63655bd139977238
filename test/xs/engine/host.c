/* xs-host [OPTION NUMBER ...] [--input FILE] ENTRY.js [ARGUMENT ...]

   Runs one ES module, and what it imports by relative path, on XS in exactly the memory named: nothing grows unless it is
   told to. The exit code tells how it ended (run.ts has the same table), and stderr why. */
#include "arena.h"
#include "xsScript.h"

enum { EXIT_USAGE = 2, EXIT_ENGINE = 10, EXIT_NEVER_ENDS = 30 }; /* the engine's own ends are 10 + its status */

static FILE* input = C_NULL;
static txBoolean jobsQueued = 0;
static txNumber meterPassed = 0;
static const txU1 untouched[sizeof(txSlot)] = { [0 ... sizeof(txSlot) - 1] = 0xA5 };

/* ---- what the engine asks of its platform ---- */

void fxQueuePromiseJobs(txMachine* the) {
  jobsQueued = 1;
}

void fxAbort(txMachine* the, int status) {
  if (status == XS_NOT_ENOUGH_MEMORY_EXIT) {
    fprintf(stderr, "memory full: %d of %d chunk bytes, %d of %d heap slots\n", (int)the->currentChunksSize,
            (int)the->maximumChunksSize, (int)the->currentHeapCount, (int)the->maximumHeapCount);
  } else if (status == XS_STACK_OVERFLOW_EXIT) {
    fprintf(stderr, "stack overflow: more than %d slots\n", (int)(the->stackTop - the->stackBottom));
  } else if (status == XS_UNHANDLED_EXCEPTION_EXIT || status == XS_UNHANDLED_REJECTION_EXIT) {
    mxTry(the) {
      mxPush(mxException);
      if (mxIsReference(the->stack)) fxGetID(the, mxID(_stack));
      if (!mxIsStringPrimitive(the->stack)) *the->stack = mxException;
      fprintf(stderr, "%s\n", fxToString(the, the->stack));
    }
    mxCatch(the) {
      fprintf(stderr, "an exception that cannot be printed\n");
    }
  } else {
    fprintf(stderr, "XS ends with its status %d\n", status);
  }
  exit(EXIT_ENGINE + status);
}

/* A module is known by its real path, so that one file is one module by whatever way it is reached. */
txID fxFindModule(txMachine* the, txSlot* realm, txID importer, txSlot* specifier) {
  char name[C_PATH_MAX], path[2 * C_PATH_MAX] = "", real[C_PATH_MAX];
  fxToStringBuffer(the, specifier, name, sizeof(name));
  if (name[0] == '/') {
    strcpy(path, name);
  } else if (name[0] == '.' && importer != XS_NO_ID) {
    txString from = fxGetKeyName(the, importer);
    snprintf(path, sizeof(path), "%.*s%s", (int)(strrchr(from, '/') + 1 - from), from, name);
  }
  return realpath(path, real) ? fxNewNameC(the, real) : XS_NO_ID;
}

static int nextCharacter(void* file) {
  return fgetc(file);
}

void fxLoadModule(txMachine* the, txSlot* module, txID id) {
  FILE* file = fopen(fxGetKeyName(the, id), "r");
  if (!file) mxUnknownError("cannot open \"%s\"", fxGetKeyName(the, id));
  txScript* script = fxParseScript(the, file, nextCharacter, 0);
  fclose(file);
  if (script) fxResolveModule(the, module, id, script, C_NULL, C_NULL);
}

/* ---- the global `host`, declared in test/xs/program/globals.d.ts ---- */

static void host_print(txMachine* the) {
  puts(mxArgc > 0 ? fxToString(the, mxArgv(0)) : "");
}

static void host_readText(txMachine* the) {
  char path[C_PATH_MAX] = "";
  FILE* file = mxArgc > 0 ? fopen(fxToStringBuffer(the, mxArgv(0), path, sizeof(path)), "rb") : C_NULL;
  if (!file) mxUnknownError("cannot open \"%s\"", path);
  fseek(file, 0, SEEK_END);
  size_t size = (size_t)ftell(file);
  rewind(file);
  txString text = fxNewChunk(the, (txSize)size + 1);
  text[fread(text, 1, size, file)] = 0;
  fclose(file);
  mxResult->value.string = text;
  mxResult->kind = XS_STRING_KIND;
}

/* The engine counts in 32 bits: long before they wrap they are emptied into a double. */
static txBoolean emptyMeter(txMachine* the, txU4 count) {
  meterPassed += count;
  the->meterIndex = 0;
  return 1;
}

/* Into a Uint8Array, as far as the input goes: how many bytes it was. */
static void host_readInput(txMachine* the) {
  txSlot* view = mxArgv(0)->value.reference->next->next;
  txSlot* buffer = view->next->value.reference->next;
  txByte* bytes = buffer->value.arrayBuffer.address + view->value.dataView.offset;
  size_t size = fxGetDataViewSize(the, view, view->next);
  fxInteger(the, mxResult, input ? (txInteger)fread(bytes, 1, size, input) : 0);
}

/* What a board's SDK has in C: protocol/bytes/crc16.ts says which. */
static void host_crc16(txMachine* the) {
  txSlot* view = mxArgv(0)->value.reference->next->next;
  txU1* bytes = (txU1*)view->next->value.reference->next->value.arrayBuffer.address + view->value.dataView.offset;
  txInteger end = fxToInteger(the, mxArgv(2));
  txU2 crc = 0xffff;
  for (txInteger at = fxToInteger(the, mxArgv(1)); at < end; at++) {
    crc ^= bytes[at];
    for (int bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0x8408 : crc >> 1;
  }
  fxInteger(the, mxResult, crc ^ 0xffff);
}

static void host_meter(txMachine* the) {
  fxNumber(the, mxResult, meterPassed + the->meterIndex);
}

static void host_gc(txMachine* the) {
  fxCollectGarbage(the);
}

static void host_trim(txMachine* the) {
  fxCollectGarbage(the);
  trimArena(the);
}

static void host_memory(txMachine* the) {
  /* From the top, because number formatting and regular expressions use the free end of the stack as scratch. */
  txSlot* deepest = the->stack;
  while (deepest > the->stackBottom && memcmp(deepest - 1, untouched, sizeof(txSlot))) deepest--;
  const struct { txString name; long value; } fields[] = {
    { "chunkBytes", the->currentChunksSize }, { "chunkBytesPeak", the->peakChunksSize },
    { "chunkBytesMax", the->maximumChunksSize }, { "heapSlots", the->currentHeapCount },
    { "heapSlotsPeak", the->peakHeapCount }, { "heapSlotsMax", the->maximumHeapCount },
    { "stackSlots", the->stackTop - the->stack }, { "stackSlotsPeak", the->stackTop - deepest },
    { "stackSlotsMax", the->stackTop - the->stackBottom }, { "slotBytes", sizeof(txSlot) },
  };
  mxPush(mxObjectPrototype);
  txSlot* property = fxLastProperty(the, fxNewObjectInstance(the));
  for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
    property = fxNextIntegerProperty(the, property, (txInteger)fields[i].value, fxID(the, fields[i].name), XS_NO_FLAG);
  mxPullSlot(mxResult);
}

static void defineHost(txMachine* the, int argumentCount, char** arguments) {
  const struct { txString name; txCallback call; txInteger arity; } functions[] = {
    { "print", host_print, 1 }, { "readText", host_readText, 1 }, { "meter", host_meter, 0 },
    { "gc", host_gc, 0 }, { "trim", host_trim, 0 }, { "memory", host_memory, 0 }, { "readInput", host_readInput, 1 },
    { "crc16", host_crc16, 3 },
  };
  mxPush(mxObjectPrototype);
  txSlot* property = fxLastProperty(the, fxNewObjectInstance(the));
  txSlot* object = the->stack;
  for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++)
    property = fxNextHostFunctionProperty(the, property, functions[i].call, functions[i].arity,
                                          fxID(the, functions[i].name), XS_DONT_ENUM_FLAG);
  mxPush(mxArrayPrototype);
  fxNewArrayInstance(the);
  txSlot* array = the->stack;
  for (int i = 0; i < argumentCount; i++) {
    mxPushStringC(arguments[i]);
    mxPushSlot(array);
    fxSetIndex(the, (txIndex)i);
    the->stack = array;
  }
  fxNextSlotProperty(the, property, array, fxID(the, "args"), XS_DONT_ENUM_FLAG);
  mxPop();
  mxPush(mxGlobal);
  fxSetID(the, fxID(the, "host"));
  the->stack = object + 1;
}

/* ---- the program ---- */

static void run(txMachine* the, char* entry, int argumentCount, char** arguments) {
  fxBeginHost(the);
  mxTry(the) {
    defineHost(the, argumentCount, arguments);
    mxPushStringC(entry);
    fxRunImport(the, mxModuleInstanceInternal(mxProgram.value.reference)->value.module.realm, XS_NO_ID);
    mxPullSlot(mxResult);
    while (jobsQueued) {
      jobsQueued = 0;
      fxRunPromiseJobs(the);
      fxEndJob(the);
    }
  }
  mxCatch(the) {
    fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
  }
  txSlot* promise = mxResult->value.reference;
  txInteger status = mxPromiseStatus(promise)->value.integer;
  if (status == mxRejectedStatus) {
    mxException = *mxPromiseResult(promise);
    fxAbort(the, XS_UNHANDLED_EXCEPTION_EXIT);
  }
  fxCheckUnhandledRejections(the, 1);
  if (status == mxPendingStatus) {
    fprintf(stderr, "the module awaits what nothing will settle\n");
    exit(EXIT_NEVER_ENDS);
  }
}

int main(int count, char** words) {
  /* Increments of zero make these sizes the limits. Keys and the parser live outside of what a board counts. */
  txCreation creation = { .initialChunkSize = 32 << 20, .initialHeapCount = 1 << 18, .stackCount = 1 << 14,
                          .initialKeyCount = 2048, .incrementalKeyCount = 1024, .nameModulo = 1993,
                          .symbolModulo = 127, .parserBufferSize = 64 << 10, .parserTableModulo = 1993 };
  txSize chunkMax = 0, heapMax = 0, block = 0;
  const struct { const char* name; txSize* value; } options[] = {
    { "--chunk", &creation.initialChunkSize }, { "--heap", &creation.initialHeapCount },
    { "--stack", &creation.stackCount }, { "--chunk-step", &creation.incrementalChunkSize },
    { "--heap-step", &creation.incrementalHeapCount }, { "--chunk-max", &chunkMax }, { "--heap-max", &heapMax },
    { "--block", &block },
  };
  int next = 1;
  for (; next + 1 < count && !strncmp(words[next], "--", 2); next += 2) {
    if (!strcmp(words[next], "--input")) input = fopen(words[next + 1], "rb");
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
      if (!strcmp(words[next], options[i].name)) *options[i].value = (txSize)strtol(words[next + 1], C_NULL, 10);
  }
  char entry[C_PATH_MAX];
  /* The heap's bound is told without the stack, and both come out of one range. */
  if (next >= count || !realpath(words[next], entry) ||
      !prepareArena(chunkMax, heapMax ? heapMax + creation.stackCount : 0, block)) {
    fprintf(stderr, "xs-host [OPTION NUMBER ...] [--input FILE] ENTRY.js [ARGUMENT ...]\n");
    return EXIT_USAGE;
  }
  txMachine* the = fxCreateMachine(&creation, "xs-host", C_NULL, XS_NO_ID);
  memset(the->stackBottom, untouched[0], (size_t)((char*)the->stack - (char*)the->stackBottom));
  fxBeginMetering(the, emptyMeter, 1u << 30);
  run(the, entry, count - next - 1, words + next + 1);
  return 0;
}
