package bpnn.lab.sweep;

import bpnn.random.RandomStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;

/** The values that a draw of an option can have. */
public sealed interface Domain {
    /** Digits of a drawn number: enough to tell draws apart, and to type one again. */
    MathContext DIGITS = new MathContext(4);

    /** Draws a value, as it would stand on the command line. */
    String draw(RandomStream random);

    /** One of some values, each as likely as the others. */
    record Choice(List<String> values) implements Domain {
        public Choice {
            values = List.copyOf(values);
        }

        @Override
        public String draw(RandomStream random) {
            return values.get(random.nextInt(values.size()));
        }
    }

    /** A number between two others, each as likely as the others. */
    record Uniform(double low, double high) implements Domain {
        @Override
        public String draw(RandomStream random) {
            return number(low + (high - low) * random.nextFloat());
        }
    }

    /** A number between two positive others whose logarithm is uniform. */
    record LogUniform(double low, double high) implements Domain {
        @Override
        public String draw(RandomStream random) {
            double from = StrictMath.log(low);
            return number(StrictMath.exp(from + (StrictMath.log(high) - from) * random.nextFloat()));
        }
    }

    private static String number(double value) {
        return new BigDecimal(value).round(DIGITS).toPlainString();
    }
}
