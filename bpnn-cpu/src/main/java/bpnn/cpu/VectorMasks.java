package bpnn.cpu;

import static bpnn.cpu.Lanes.INTS;
import static bpnn.cpu.Lanes.LONGS;

import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Draws dropout masks in vectors: each 64-bit lane computes a block of {@link bpnn.random.Philox}, its words being the
 * lower halves of four vectors. What is left over at the end is done in plain Java.
 */
final class VectorMasks extends Masks {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long LOW = 0xFFFFFFFFL;

    private static final int BLOCKS = LONGS.length();
    private static final LongVector LANE = LongVector.zero(LONGS).addIndex(1);
    /** Doubles the lanes of the lower half: 0 0 1 1 … */
    private static final VectorShuffle<Long> LOWER = VectorShuffle.fromOp(LONGS, lane -> lane / 2);
    /** Doubles the lanes of the upper half. */
    private static final VectorShuffle<Long> UPPER = VectorShuffle.fromOp(LONGS, lane -> (BLOCKS + lane) / 2);

    private static final VectorMask<Long> ODD = VectorMask.fromLong(LONGS, 0xAAAAAAAAAAAAAAAAL);

    @Override
    void draw(DropoutSpec spec, int step, int first, float[] mask, int start, int count) {
        int whole = count - count % (WORDS * BLOCKS);
        drawWhole(spec, step, first / WORDS, mask, start, whole);
        super.draw(spec, step, first + whole, mask, start + whole, count - whole);
    }

    private static void drawWhole(DropoutSpec spec, int step, int firstBlock, float[] mask, int start, int count) {
        int signedThreshold = spec.threshold() ^ Integer.MIN_VALUE;
        IntVector scale = IntVector.broadcast(INTS, Float.floatToRawIntBits(spec.scale()));
        for (int i = 0; i < count; i += WORDS * BLOCKS) {
            int key0 = (int) spec.seed();
            int key1 = (int) (spec.seed() >>> 32);
            LongVector x0 = LongVector.broadcast(LONGS, Purpose.DROPOUT.code());
            LongVector x1 = LongVector.broadcast(LONGS, step & LOW);
            LongVector x2 = LongVector.broadcast(LONGS, spec.layer() & LOW);
            LongVector x3 = LANE.add(firstBlock + i / WORDS);
            for (int round = 0; round < ROUNDS; round++) {
                LongVector product0 = x0.mul(MULTIPLIER_0);
                LongVector product1 = x2.mul(MULTIPLIER_1);
                x0 = product1.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, x1)
                        .lanewise(VectorOperators.XOR, key0 & LOW);
                x1 = product1.and(LOW);
                x2 = product0.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, x3)
                        .lanewise(VectorOperators.XOR, key1 & LOW);
                x3 = product0.and(LOW);
                key0 += WEYL_0;
                key1 += WEYL_1;
            }
            LongVector front = x0.or(x1.lanewise(VectorOperators.LSHL, 32));
            LongVector back = x2.or(x3.lanewise(VectorOperators.LSHL, 32));
            LongVector lower = front.rearrange(LOWER).blend(back.rearrange(LOWER), ODD);
            LongVector upper = front.rearrange(UPPER).blend(back.rearrange(UPPER), ODD);
            store(lower, signedThreshold, scale, mask, start + i);
            store(upper, signedThreshold, scale, mask, start + i + 2 * BLOCKS);
        }
    }

    private static void store(LongVector words, int signedThreshold, IntVector scale, float[] mask, int index) {
        IntVector signed = words.reinterpretAsInts().lanewise(VectorOperators.XOR, Integer.MIN_VALUE);
        scale.blend(0, signed.compare(VectorOperators.LT, signedThreshold))
                .reinterpretAsFloats()
                .intoArray(mask, index);
    }
}
