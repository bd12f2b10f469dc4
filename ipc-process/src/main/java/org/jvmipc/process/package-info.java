/**
 * Groups of JVMs: {@link org.jvmipc.process.ProcessGroup} starts them with their channels connected, supervises and
 * ends them; {@link org.jvmipc.process.ProcessContext} is what each of them finds its channels by.
 *
 * <pre>{@code
 * ProcessGroup group = ProcessGroup.builder()
 *         .process("source", Source.class)
 *         .process("upper", Program.of(Upper.class).restart(Restart.onFailure()))
 *         .process("sink", Sink.class)
 *         .join("source", "upper").join("upper", "sink")
 *         .start();
 * GroupEnd end = group.await();
 * }</pre>
 */
package org.jvmipc.process;
