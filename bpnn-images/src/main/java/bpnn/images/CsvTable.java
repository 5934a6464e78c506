package bpnn.images;

import bpnn.data.DataException;
import bpnn.data.ImageShape;
import bpnn.io.file.AtomicFile;
import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A table of images: a line for each, with a label and pixels from 0 to 255. Fields are read where the parser has them. */
final class CsvTable extends AbstractBaseCsvCallbackHandler<Boolean> {
    private static final int PEEKED = 1 << 16;
    private static final int MAX_PIXEL = 255;
    private static final int MAX_BYTES = Integer.MAX_VALUE - 8;
    private static final int SHOWN = 20;

    private final Path file;
    private final List<String> firstLine = new ArrayList<>();
    private final Map<String, Integer> words = new HashMap<>();
    private @Nullable CsvColumns columns;
    private byte[] pixels = new byte[1 << 20];
    private int filled;
    private int[] labels = new int[1 << 10];
    private int rows;

    private CsvTable(Path file) {
        this.file = file;
    }

    /**
     * Reads a table, packed or not.
     *
     * @return nothing if it has no labels
     * @throws DataException if it cannot be read or is malformed
     */
    static Optional<Part> read(Path file, @Nullable ImageSize size) {
        CsvTable table = new CsvTable(file);
        try (BufferedInputStream in = new BufferedInputStream(Unpacked.open(file), PEEKED)) {
            CsvReader<Boolean> reader = CsvReader.builder()
                    .fieldSeparator(separator(in))
                    .detectBomHeader(true)
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                    .build(table, in, StandardCharsets.UTF_8);
            for (Iterator<Boolean> lines = reader.iterator(); lines.hasNext(); ) {
                lines.next();
            }
        } catch (IOException e) {
            throw new DataException(file + " could not be read: " + AtomicFile.reason(e) + ".", e);
        } catch (UncheckedIOException e) {
            throw new DataException(
                    file + " could not be read: " + AtomicFile.reason(Objects.requireNonNull(e.getCause())) + ".", e);
        } catch (CsvParseException e) {
            if (e.getCause() instanceof DataException fault) {
                throw fault;
            }
            String words = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
            throw new DataException(file + " is malformed: " + words + ".", e);
        }
        return table.part(size);
    }

    /** Whichever of comma, semicolon and tab is most frequent in the first line. */
    private static char separator(InputStream in) throws IOException {
        in.mark(PEEKED);
        byte[] begin = in.readNBytes(PEEKED);
        in.reset();
        char best = ',';
        int most = 0;
        for (char candidate : new char[] {',', ';', '\t'}) {
            int count = 0;
            for (int i = 0; i < begin.length && begin[i] != '\n'; i++) {
                count += begin[i] == candidate ? 1 : 0;
            }
            if (count > most) {
                best = candidate;
                most = count;
            }
        }
        return best;
    }

    private Optional<Part> part(@Nullable ImageSize size) {
        if (columns == null || rows == 0) {
            throw new DataException(file + " holds no image.");
        }
        if (columns.label() < 0) {
            return Optional.empty();
        }
        int features = columns.pixels();
        ImageShape shape = FlatImages.shape(features, size)
                .orElseThrow(() -> new DataException(file + " has " + features + " pixels in a line, which are "
                        + (size == null
                                ? "no square, in grey or in colour; say by --image-size what they are, such as 20x32."
                                : "not the " + size + " of --image-size.")));
        List<String> names = new ArrayList<>(words.keySet());
        words.forEach((name, place) -> names.set(place, name));
        return Optional.of(new Part(
                file.toString(),
                shape,
                pixels.length == filled ? pixels : Arrays.copyOf(pixels, filled),
                Labels.words(Arrays.copyOf(labels, rows), names),
                List.of()));
    }

    @Override
    protected void handleField(int index, char[] text, int offset, int length, boolean quoted) {
        CsvColumns known = columns;
        if (known == null) {
            firstLine.add(new String(text, offset, length));
        } else if (index == known.label()) {
            label(text, offset, length);
        } else if (index < known.count()
                && (known.ignored().isEmpty() || !known.ignored().contains(index))) {
            pixel(index, text, offset, length);
        }
    }

    private void label(char[] text, int offset, int length) {
        String word = new String(text, offset, length).strip();
        if (word.isEmpty()) {
            throw new DataException("Line " + getStartingLineNumber() + " of " + file + " has no label.");
        }
        labels[rows] = words.computeIfAbsent(ClassName.clean(word), name -> words.size());
    }

    private void pixel(int index, char[] text, int offset, int length) {
        int from = offset;
        int end = offset + length;
        while (from < end && text[from] == ' ') {
            from++;
        }
        while (from < end && text[end - 1] == ' ') {
            end--;
        }
        int value = from == end ? MAX_PIXEL + 1 : 0;
        for (int i = from; i < end && value <= MAX_PIXEL; i++) {
            int digit = text[i] - '0';
            value = digit < 0 || digit > 9 ? MAX_PIXEL + 1 : 10 * value + digit;
        }
        if (value > MAX_PIXEL) {
            throw new DataException("Line " + getStartingLineNumber() + " of " + file + " has \""
                    + ClassName.clean(new String(text, offset, Math.min(length, SHOWN))) + "\" in column " + (index + 1)
                    + ", but a pixel is a whole number from 0 to " + MAX_PIXEL + ".");
        }
        pixels[filled++] = (byte) value;
    }

    @Override
    protected void handleBegin(long line) {
        if (columns != null) {
            makeRoom(columns);
        }
    }

    private void makeRoom(CsvColumns known) {
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
        }
        long needed = (long) filled + known.pixels();
        if (needed > MAX_BYTES) {
            throw new DataException(file + " has more pixels than can be held in memory.");
        }
        if (needed > pixels.length) {
            pixels = Arrays.copyOf(pixels, (int) Math.min(MAX_BYTES, Math.max(needed, 2L * filled)));
        }
    }

    @Override
    protected @Nullable Boolean buildRecord() {
        CsvColumns known = columns;
        if (known == null) {
            begin();
        } else if (getFieldCount() != known.count()) {
            throw new DataException("Line " + getStartingLineNumber() + " of " + file + " has " + getFieldCount()
                    + " fields, but " + known.count() + " are expected, as in the first line.");
        } else {
            rows++;
        }
        return null;
    }

    private void begin() {
        CsvColumns known = CsvColumns.of(file, firstLine);
        columns = known;
        if (!known.header()) {
            makeRoom(known);
            for (int i = 0; i < firstLine.size(); i++) {
                char[] text = firstLine.get(i).toCharArray();
                handleField(i, text, 0, text.length, false);
            }
            rows++;
        }
        firstLine.clear();
    }
}
