// AssemblyScript, not TypeScript: part of event-lines.ts. What src/import/event-line-parser.ts does for it: all that needs
// strings. Places are bytes from the begin of the block of lines.

/** Code of a value that was not seen before, by property * 2 + (1 = text); 0 = ingestion must judge it. */
export declare function learnValue(first: u32, last: u32, owner: u32): u32;

/** The node of `node` with the member of this name, without quotes, described by now; 0 = ingestion must judge it. */
export declare function learnMember(node: u32, first: u32, last: u32): u32;

/** 1 + number of the event of this name; 0 = ingestion must judge it. */
export declare function learnEvent(first: u32, last: u32): u32;

/** What a distinct id is: 0 = one that ingestion must judge, 1 = one that has the next number, 2 = so, and one of a device. */
export declare function learnUser(first: u32, last: u32): u32;

/** A time that is no whole number, ms UTC; −1 = ingestion must judge it. */
export declare function readTime(first: u32, last: u32): f64;

/** Whether an insert id stands for none. */
export declare function isForbiddenId(first: u32, last: u32): bool;

/** Writes the insert id of a line [start, end) that brings none to `target`; answers its length. */
export declare function makeInsertId(line: u32, start: u32, end: u32, target: usize): u32;

/** Leaves the line that begins at `start` to ingestion; answers the place of its newline, or of the end. */
export declare function leaveLine(line: u32, start: u32): u32;

/** Throws. */
export declare function outOfMemory(bytes: u32): void;
