package bpnn.cpu;

import static bpnn.cpu.Species.FLOATS;
import static bpnn.cpu.Species.LONGS;

import bpnn.random.Purpose;
import bpnn.spi.DropoutSpec;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Generates dropout masks in vectors: each 64-bit lane computes one block of {@link bpnn.random.Philox}, whose four
 * words are the low halves of four vectors. Head and tail are done in plain Java.
 */
final class VectorDropoutMasks extends DropoutMasks {
    /** With fewer 64-bit lanes plain Java is faster, far faster if the CPU has no shuffle of that shape. */
    static final int MIN_LANES = 4;

    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;
    private static final long LOW = 0xFFFFFFFFL;

    private static final int BLOCKS = LONGS.length();
    /** Words per iteration. */
    private static final int UNIT = 2 * WORDS * BLOCKS;

    private static final LongVector LANE = LongVector.zero(LONGS).addIndex(1);
    /** Duplicates the lanes of the lower half: 0 0 1 1 … */
    private static final VectorShuffle<Long> LOWER = VectorShuffle.fromOp(LONGS, lane -> lane / 2);
    /** Duplicates the lanes of the upper half. */
    private static final VectorShuffle<Long> UPPER = VectorShuffle.fromOp(LONGS, lane -> (BLOCKS + lane) / 2);

    private static final VectorMask<Long> ODD = VectorMask.fromLong(LONGS, 0xAAAAAAAAAAAAAAAAL);

    @Override
    void draw(DropoutSpec spec, int step, int first, float[] mask, int start, int count) {
        int head = Math.min(count, -first & WORDS - 1);
        super.draw(spec, step, first, mask, start, head);
        int whole = (count - head) / UNIT * UNIT;
        int end = head + whole;
        drawAligned(spec, step, (first + head) / WORDS, mask, start + head, whole);
        super.draw(spec, step, first + end, mask, start + end, count - end);
    }

    /** Interleaves two groups of blocks, because the ten dependent rounds of one leave the multiplier idle. */
    private static void drawAligned(DropoutSpec spec, int step, int firstBlock, float[] mask, int start, int count) {
        LongVector last = LongVector.broadcast(LONGS, (spec.threshold() & LOW) - 1);
        LongVector low = LongVector.broadcast(LONGS, Float.floatToRawIntBits(spec.scale()));
        LongVector high = low.lanewise(VectorOperators.LSHL, 32);
        FloatVector one = FloatVector.broadcast(FLOATS, 1f);
        for (int i = 0; i < count; i += UNIT) {
            int key0 = (int) spec.seed();
            int key1 = (int) (spec.seed() >>> 32);
            LongVector x0 = LongVector.broadcast(LONGS, Purpose.DROPOUT.code());
            LongVector x1 = LongVector.broadcast(LONGS, step & LOW);
            LongVector x2 = LongVector.broadcast(LONGS, spec.layer() & LOW);
            LongVector x3 = LANE.add(firstBlock + i / WORDS);
            LongVector y0 = x0;
            LongVector y1 = x1;
            LongVector y2 = x2;
            LongVector y3 = x3.add(BLOCKS);
            for (int round = 0; round < ROUNDS; round++) {
                LongVector product0 = x0.mul(MULTIPLIER_0);
                LongVector product1 = x2.mul(MULTIPLIER_1);
                LongVector product2 = y0.mul(MULTIPLIER_0);
                LongVector product3 = y2.mul(MULTIPLIER_1);
                x0 = product1.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, x1)
                        .lanewise(VectorOperators.XOR, key0 & LOW);
                x2 = product0.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, x3)
                        .lanewise(VectorOperators.XOR, key1 & LOW);
                y0 = product3.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, y1)
                        .lanewise(VectorOperators.XOR, key0 & LOW);
                y2 = product2.lanewise(VectorOperators.LSHR, 32)
                        .lanewise(VectorOperators.XOR, y3)
                        .lanewise(VectorOperators.XOR, key1 & LOW);
                x1 = product1.and(LOW);
                x3 = product0.and(LOW);
                y1 = product3.and(LOW);
                y3 = product2.and(LOW);
                key0 += WEYL_0;
                key1 += WEYL_1;
            }
            LongVector front = last.sub(x0).lanewise(VectorOperators.LSHR, 32).and(low);
            front = front.or(last.sub(x1).and(high));
            LongVector back = last.sub(x2).lanewise(VectorOperators.LSHR, 32).and(low);
            back = back.or(last.sub(x3).and(high));
            LongVector lower = front.rearrange(LOWER).blend(back.rearrange(LOWER), ODD);
            LongVector upper = front.rearrange(UPPER).blend(back.rearrange(UPPER), ODD);
            lower.reinterpretAsFloats().mul(one).intoArray(mask, start + i);
            upper.reinterpretAsFloats().mul(one).intoArray(mask, start + i + 2 * BLOCKS);
            front = last.sub(y0).lanewise(VectorOperators.LSHR, 32).and(low);
            front = front.or(last.sub(y1).and(high));
            back = last.sub(y2).lanewise(VectorOperators.LSHR, 32).and(low);
            back = back.or(last.sub(y3).and(high));
            lower = front.rearrange(LOWER).blend(back.rearrange(LOWER), ODD);
            upper = front.rearrange(UPPER).blend(back.rearrange(UPPER), ODD);
            lower.reinterpretAsFloats().mul(one).intoArray(mask, start + i + 4 * BLOCKS);
            upper.reinterpretAsFloats().mul(one).intoArray(mask, start + i + 6 * BLOCKS);
        }
    }
}
