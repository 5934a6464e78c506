package bpnn.images;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Labels as a data set writes them: numbers, or words.
 *
 * @param values a number for each image: the label itself, or the place of its word
 * @param words the words, each once; empty if labels are numbers
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier of labels; identity is the right equality
record Labels(int[] values, Optional<List<String>> words) {
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");

    static Labels numbers(int[] values) {
        return new Labels(values, Optional.empty());
    }

    /** Labels in words, which are numbers if all words are. */
    static Labels words(int[] places, List<String> words) {
        if (words.stream().allMatch(word -> NUMBER.matcher(word).matches())) {
            int[] numbers = words.stream().mapToInt(Integer::parseInt).toArray();
            int[] values = new int[places.length];
            for (int i = 0; i < places.length; i++) {
                values[i] = numbers[places[i]];
            }
            return numbers(values);
        }
        return new Labels(places, Optional.of(List.copyOf(words)));
    }

    /** The same labels as words. */
    Labels asWords() {
        if (words.isPresent()) {
            return this;
        }
        Map<Integer, Integer> places = new HashMap<>();
        List<String> names = new ArrayList<>();
        int[] result = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            int value = values[i];
            result[i] = places.computeIfAbsent(value, number -> {
                names.add(String.valueOf(number));
                return names.size() - 1;
            });
        }
        return new Labels(result, Optional.of(names));
    }
}
