/** How XS names a function in C; the compiler of XS wants the name as a literal. */
declare function native<F extends (...values: never[]) => unknown>(name: string): F;
