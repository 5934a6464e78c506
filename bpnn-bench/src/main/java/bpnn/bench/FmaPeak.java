package bpnn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The processor's fma peak: on each thread as many independent chains of fma over vectors of the preferred width as stay in
 * registers together with their operand, which is at least latency times ports. With 16 registers these are twelve; sixteen
 * would spill, and show two thirds of the peak. Each chain is a sum, since C2 adds to the register of the summand. It is measured in short bursts and the best one counts, since a neighbour can
 * only take from it.
 */
public final class FmaPeak implements AutoCloseable {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    /** On processors of the x86 family, vectors of so many bits come with 32 registers, shorter ones alone with 16. */
    public static final int WIDE_BITS = 512;

    private static final int FEW_CHAINS = 12;
    private static final int MANY_CHAINS = 16;
    private static final int CHAINS = hasManyRegisters() ? MANY_CHAINS : FEW_CHAINS;
    private static final int LOOPS = 100_000;
    private static final int BURSTS = 8;
    private static final int WARM_UP = 20;

    private static volatile float sink;

    private final int threads;
    private final ExecutorService workers;

    /** @param threads threads that compute at the same time */
    public FmaPeak(int threads) {
        this.threads = threads;
        workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "peak");
            thread.setDaemon(true);
            return thread;
        });
        for (int i = 0; i < WARM_UP; i++) {
            burst();
        }
    }

    /** Processors of the x86 family have 32 vector registers with vectors of 512 bits, else 16; others have 32. */
    private static boolean hasManyRegisters() {
        String processor = System.getProperty("os.arch", "");
        boolean x86 = processor.equals("amd64") || processor.startsWith("x86");
        return !x86 || width() >= WIDE_BITS;
    }

    /** Bits of the vectors. */
    public static int width() {
        return FLOATS.vectorBitSize();
    }

    /** Threads that compute. */
    public int threads() {
        return threads;
    }

    /** The best of some bursts, in 1e9 floating-point operations a second; an fma is two. */
    public double gflops() {
        double best = 0;
        for (int i = 0; i < BURSTS; i++) {
            best = Math.max(best, burst());
        }
        return best;
    }

    /** The sum of what each thread reaches: they need not begin at the same moment to the microsecond. */
    private double burst() {
        List<Callable<Double>> work = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            work.add(FmaPeak::rate);
        }
        try {
            double sum = 0;
            for (Future<Double> rate : workers.invokeAll(work)) {
                sum += rate.get();
            }
            return sum;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("The fma peak could not be measured", e);
        }
    }

    private static double rate() {
        long start = System.nanoTime();
        long flops = run();
        return (double) flops / (System.nanoTime() - start);
    }

    /** Runs all chains to their end on this thread; gives the number of floating-point operations, an fma being two. */
    public static long run() {
        sink = CHAINS == MANY_CHAINS ? manyChains(LOOPS) : fewChains(LOOPS);
        return 2L * CHAINS * FLOATS.length() * LOOPS;
    }

    private static float fewChains(int loops) {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
        FloatVector s0 = x;
        FloatVector s1 = x;
        FloatVector s2 = x;
        FloatVector s3 = x;
        FloatVector s4 = x;
        FloatVector s5 = x;
        FloatVector s6 = x;
        FloatVector s7 = x;
        FloatVector s8 = x;
        FloatVector s9 = x;
        FloatVector sa = x;
        FloatVector sb = x;
        for (int i = 0; i < loops; i++) {
            s0 = x.fma(x, s0);
            s1 = x.fma(x, s1);
            s2 = x.fma(x, s2);
            s3 = x.fma(x, s3);
            s4 = x.fma(x, s4);
            s5 = x.fma(x, s5);
            s6 = x.fma(x, s6);
            s7 = x.fma(x, s7);
            s8 = x.fma(x, s8);
            s9 = x.fma(x, s9);
            sa = x.fma(x, sa);
            sb = x.fma(x, sb);
        }
        FloatVector left = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
        FloatVector right = s6.add(s7).add(s8).add(s9).add(sa).add(sb);
        return left.add(right).lane(0);
    }

    private static float manyChains(int loops) {
        FloatVector x = FloatVector.broadcast(FLOATS, 0.999f);
        FloatVector s0 = x;
        FloatVector s1 = x;
        FloatVector s2 = x;
        FloatVector s3 = x;
        FloatVector s4 = x;
        FloatVector s5 = x;
        FloatVector s6 = x;
        FloatVector s7 = x;
        FloatVector s8 = x;
        FloatVector s9 = x;
        FloatVector sa = x;
        FloatVector sb = x;
        FloatVector sc = x;
        FloatVector sd = x;
        FloatVector se = x;
        FloatVector sf = x;
        for (int i = 0; i < loops; i++) {
            s0 = x.fma(x, s0);
            s1 = x.fma(x, s1);
            s2 = x.fma(x, s2);
            s3 = x.fma(x, s3);
            s4 = x.fma(x, s4);
            s5 = x.fma(x, s5);
            s6 = x.fma(x, s6);
            s7 = x.fma(x, s7);
            s8 = x.fma(x, s8);
            s9 = x.fma(x, s9);
            sa = x.fma(x, sa);
            sb = x.fma(x, sb);
            sc = x.fma(x, sc);
            sd = x.fma(x, sd);
            se = x.fma(x, se);
            sf = x.fma(x, sf);
        }
        FloatVector left = s0.add(s1).add(s2).add(s3).add(s4).add(s5).add(s6).add(s7);
        FloatVector right = s8.add(s9).add(sa).add(sb).add(sc).add(sd).add(se).add(sf);
        return left.add(right).lane(0);
    }

    @Override
    public void close() {
        workers.shutdownNow();
    }
}
