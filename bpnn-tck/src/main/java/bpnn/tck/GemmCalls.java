package bpnn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** GEMM of all shapes, with and without transposes, with various α and β. */
final class GemmCalls {
    private static final int LARGEST_CUBE = 33;

    /** C is [m, n], the inner dimension k. */
    private record Size(int m, int n, int k) {}

    /** α and β. */
    private record Scaling(float alpha, float beta) {}

    private static final List<Scaling> SCALINGS =
            List.of(new Scaling(1, 0), new Scaling(-0.75f, 0), new Scaling(1, 1), new Scaling(0.5f, -1.25f));

    private GemmCalls() {}

    static KernelSuite suite() {
        return new KernelSuite("gemm", GemmCalls::calls);
    }

    private static Stream<KernelCall> calls(OperandGenerators generators) {
        List<Size> sizes = sizes();
        return IntStream.range(0, 4 * sizes.size()).mapToObj(i -> {
            Size size = sizes.get(i / 4);
            // Staggered, so that every transposition is combined with every scaling.
            Scaling scaling = SCALINGS.get((i + i / 4) % SCALINGS.size());
            return call(generators, i, size, (i & 1) != 0, (i & 2) != 0, scaling);
        });
    }

    private static List<Size> sizes() {
        List<Size> sizes = new ArrayList<>();
        for (int side : Sizes.SIDES) {
            sizes.add(new Size(side, 5, 3));
            sizes.add(new Size(3, side, 5));
            sizes.add(new Size(5, 3, side));
            if (side <= LARGEST_CUBE) {
                sizes.add(new Size(side, side, side));
            }
        }
        // Empty results and empty sums.
        sizes.add(new Size(0, 3, 2));
        sizes.add(new Size(3, 0, 2));
        sizes.add(new Size(3, 2, 0));
        sizes.add(new Size(129, 65, 33));
        sizes.add(new Size(65, 33, 129));
        sizes.add(new Size(33, 129, 65));
        sizes.add(new Size(64, 257, 16));
        sizes.add(new Size(127, 65, 784));
        sizes.add(new Size(128, 257, 129));
        // More than a block of 1024, and large enough for backends that pack operands.
        sizes.add(new Size(1031, 5, 3));
        sizes.add(new Size(3, 1031, 5));
        sizes.add(new Size(5, 3, 1031));
        sizes.add(new Size(257, 9, 521));
        return sizes;
    }

    private static KernelCall call(
            OperandGenerators generators, int number, Size p, boolean transA, boolean transB, Scaling scaling) {
        OperandGenerator generator = generators.of("gemm", number);
        float alpha = scaling.alpha();
        float beta = scaling.beta();
        KernelCall.Builder builder = KernelCall.number(
                        number, "transA " + transA + ", transB " + transB + ", α " + alpha + ", β " + beta)
                .input("A", transA ? p.k() : p.m(), transA ? p.m() : p.k(), generator.uniform(p.m() * p.k()))
                .input("B", transB ? p.n() : p.k(), transB ? p.k() : p.n(), generator.uniform(p.k() * p.n()));
        if (beta == 0) {
            builder.output("C", p.m(), p.n());
        } else {
            builder.updated("C", p.m(), p.n(), generator.uniform(p.m() * p.n()));
        }
        return builder.primitive((k, o) -> k.gemm(alpha, o.get(0), transA, o.get(1), transB, beta, o.get(2)));
    }
}
