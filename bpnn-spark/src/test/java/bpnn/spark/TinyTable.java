package bpnn.spark;

import bpnn.data.Dataset;
import bpnn.mnist.SyntheticDigits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A few digits in a table. */
final class TinyTable {
    private TinyTable() {}

    static Path in(Path folder) throws IOException {
        Dataset digits = SyntheticDigits.generate(5, 400, 1).train();
        byte[] pixels = digits.pixels();
        StringBuilder csv = new StringBuilder();
        for (int image = 0; image < digits.size(); image++) {
            csv.append(digits.label(image));
            for (int i = 0; i < digits.features(); i++) {
                csv.append(',').append(pixels[image * digits.features() + i] & 0xFF);
            }
            csv.append('\n');
        }
        return Files.writeString(folder.resolve("digits.csv"), csv);
    }
}
