package bpnn.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Products of all shapes, transposed and not, with all kinds of α and β. */
final class GemmCalls {
    private static final int LARGEST_CUBE = 33;

    /** C is [m, n], the inner side k. */
    private record Product(int m, int n, int k) {}

    /** What the product and the old content are multiplied with. */
    private record Scaling(float alpha, float beta) {}

    private static final List<Scaling> SCALINGS =
            List.of(new Scaling(1, 0), new Scaling(-0.75f, 0), new Scaling(1, 1), new Scaling(0.5f, -1.25f));

    private GemmCalls() {}

    static KernelSuite suite() {
        return new KernelSuite("gemm", GemmCalls::calls);
    }

    private static Stream<KernelCall> calls(Draws draws) {
        List<Product> products = products();
        return IntStream.range(0, 4 * products.size()).mapToObj(i -> {
            Product product = products.get(i / 4);
            // In turn, so that every transposition meets every scaling.
            Scaling scaling = SCALINGS.get((i + i / 4) % SCALINGS.size());
            return call(draws, i, product, (i & 1) != 0, (i & 2) != 0, scaling);
        });
    }

    private static List<Product> products() {
        List<Product> products = new ArrayList<>();
        for (int side : Sizes.SIDES) {
            products.add(new Product(side, 5, 3));
            products.add(new Product(3, side, 5));
            products.add(new Product(5, 3, side));
            if (side <= LARGEST_CUBE) {
                products.add(new Product(side, side, side));
            }
        }
        // Nothing to write, and nothing to sum up.
        products.add(new Product(0, 3, 2));
        products.add(new Product(3, 0, 2));
        products.add(new Product(3, 2, 0));
        products.add(new Product(129, 65, 33));
        products.add(new Product(65, 33, 129));
        products.add(new Product(33, 129, 65));
        products.add(new Product(64, 257, 16));
        products.add(new Product(127, 65, 784));
        products.add(new Product(128, 257, 129));
        // Longer than a panel of 1024, and enough rows and depth for backends that rearrange an operand first.
        products.add(new Product(1031, 5, 3));
        products.add(new Product(3, 1031, 5));
        products.add(new Product(5, 3, 1031));
        products.add(new Product(257, 9, 521));
        return products;
    }

    private static KernelCall call(
            Draws draws, int number, Product p, boolean transA, boolean transB, Scaling scaling) {
        Draw draw = draws.of("gemm", number);
        float alpha = scaling.alpha();
        float beta = scaling.beta();
        KernelCall.Builder builder = KernelCall.number(
                        number, "transA " + transA + ", transB " + transB + ", α " + alpha + ", β " + beta)
                .input("A", transA ? p.k() : p.m(), transA ? p.m() : p.k(), draw.uniform(p.m() * p.k()))
                .input("B", transB ? p.n() : p.k(), transB ? p.k() : p.n(), draw.uniform(p.k() * p.n()));
        if (beta == 0) {
            builder.output("C", p.m(), p.n());
        } else {
            builder.updated("C", p.m(), p.n(), draw.uniform(p.m() * p.n()));
        }
        return builder.primitive((k, o) -> k.gemm(alpha, o.get(0), transA, o.get(1), transB, beta, o.get(2)));
    }
}
