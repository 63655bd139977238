/* What XS needs to know of a POSIX PC. It is included by the engine's own sources, before every one of their headers.
   The switches are those of the SDK's nRF52 release build (run only, no minus zero, no Unicode normalization), and
   beside them: a parser, because modules arrive as text; metering; bounds checks, so that a full stack is an exit. */
#ifndef XS_HOST_PLATFORM_H
#define XS_HOST_PLATFORM_H

#include <arpa/inet.h>
#include <ctype.h>
#include <float.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#if defined(__linux__)
#undef mxLinux
#define mxLinux 1
#elif defined(__APPLE__)
#undef mxMacOSX
#define mxMacOSX 1
#else
#error the host of XS is for Linux and macOS
#endif

#define mxRun 1
#define mxParse 1
#define mxMetering 1
#define mxBoundsCheck 1
#define mxNoConsole 1

/* The engine's stock answers, where they serve; host.c finds and loads modules, queues jobs and exits, arena.c has the
   memory. */
#define mxUseDefaultMachinePlatform 1
#define mxUseDefaultBuildKeys 1
#define mxUseDefaultParseScript 1
#define mxUseDefaultSharedChunks 1
#define mxUsePOSIXThreads 1
#define mxUseGCCAtomics 1
#define XS_FUNCTION_NORETURN __attribute__((noreturn))

/* Fields of the machine that Atomics.wait of the stock shared chunks uses. */
#define mxMachinePlatform \
	void* waiterCondition; \
	void* waiterData; \
	void* waiterLink;

#endif
