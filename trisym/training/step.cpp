// One training step of K small networks on a CPU core: forwards, backwards, Adam with AMSGrad.
//
// It does what trisym.training.trainer does with torch, in one call where that makes two hundred,
// which at a batch of 32 is most of the time (`python -m trisym bench compiled`). BATCH and its loops
// are constants to the compiler, which turns them into vector instructions.
// Activations lie as [node][sample]; weights as torch has them: layer by layer W (out, in), b (out).

#include <cmath>
#include <cstdint>
#include <vector>

#ifndef BATCH
#define BATCH 32
#endif

namespace {

enum Loss { SIDES = 0, PERIMETER = 1, MSE = 2 };

struct alignas(64) Row {
    float sample[BATCH];
    float& operator[](int b) { return sample[b]; }
    float operator[](int b) const { return sample[b]; }
};

struct Buffers {
    std::vector<Row> active;       // the nodes of all layers, one after the other, bent
    std::vector<Row> error[2];     // gradients of the loss by the nodes of two layers
    std::vector<Row> target;
    std::vector<float> gradient;   // by the weights
};

// A node bent by the leaky ReLU keeps its sign, which is all that the way back needs.
void forwards(const float* weight, const float* bias, const Row* in, int ins, Row* out, int outs,
              float slope) {
    int o = 0;
    for (; o + 4 <= outs; o += 4) {
        float sum[4][BATCH];
        for (int k = 0; k < 4; ++k)
            for (int b = 0; b < BATCH; ++b) sum[k][b] = bias[o + k];
        for (int i = 0; i < ins; ++i)
            for (int k = 0; k < 4; ++k) {
                const float w = weight[(o + k) * ins + i];
                for (int b = 0; b < BATCH; ++b) sum[k][b] += w * in[i][b];
            }
        for (int k = 0; k < 4; ++k)
            for (int b = 0; b < BATCH; ++b)
                out[o + k][b] = sum[k][b] > 0 ? sum[k][b] : slope * sum[k][b];
    }
    for (; o < outs; ++o) {
        float sum[BATCH];
        for (int b = 0; b < BATCH; ++b) sum[b] = bias[o];
        for (int i = 0; i < ins; ++i) {
            const float w = weight[o * ins + i];
            for (int b = 0; b < BATCH; ++b) sum[b] += w * in[i][b];
        }
        for (int b = 0; b < BATCH; ++b) out[o][b] = sum[b] > 0 ? sum[b] : slope * sum[b];
    }
}

float dot(const Row& a, const Row& b) {
    float sum = 0;
    for (int k = 0; k < BATCH; ++k) sum += a[k] * b[k];
    return sum;
}

constexpr int LANES = 16;
typedef float Lanes __attribute__((vector_size(4 * LANES)));
typedef int Places __attribute__((vector_size(4 * LANES)));

// Sums in pairs: where lane l has the bit, b[l] + b[l ^ bit], and else a[l] + a[l ^ bit].
template <int BIT>
Lanes paired(Lanes a, Lanes b) {
    Places here, there;
    for (int l = 0; l < LANES; ++l) {
        here[l] = l & BIT ? LANES + l : l;
        there[l] = l & BIT ? LANES + (l ^ BIT) : l ^ BIT;
    }
    return __builtin_shuffle(a, b, here) + __builtin_shuffle(a, b, there);
}

// The dot products of one row with LANES others, added up together: one by one, the sums over lanes
// take longer than the products.
Lanes dots(const Row& one, const Row* others) {
    Lanes part[LANES];
    for (int k = 0; k < LANES; ++k) {
        part[k] = Lanes{};
        for (int b = 0; b < BATCH; b += LANES)
            part[k] += *reinterpret_cast<const Lanes*>(one.sample + b) *
                       *reinterpret_cast<const Lanes*>(others[k].sample + b);
    }
    for (int k = 0; k < 8; ++k) part[k] = paired<8>(part[k], part[k + 8]);
    for (int k = 0; k < 4; ++k) part[k] = paired<4>(part[k], part[k + 4]);
    for (int k = 0; k < 2; ++k) part[k] = paired<2>(part[k], part[k + 2]);
    return paired<1>(part[0], part[1]);
}

// Gradients by a layer's weights and biases, from those by its outputs.
void by_weights(const Row* error, int outs, const Row* in, int ins, float* weight, float* bias) {
    for (int o = 0; o < outs; ++o) {
        float sum = 0;
        for (int b = 0; b < BATCH; ++b) sum += error[o][b];
        bias[o] = sum;
    }
    const bool whole = BATCH % LANES == 0;
    const int many_ins = whole ? ins / LANES * LANES : 0;
    const int many_outs = whole && ins < LANES ? outs / LANES * LANES : 0;
    for (int o = 0; o < many_outs; o += LANES)
        for (int i = 0; i < ins; ++i) {
            const Lanes found = dots(in[i], error + o);
            for (int k = 0; k < LANES; ++k) weight[(o + k) * ins + i] = found[k];
        }
    for (int o = many_outs; o < outs; ++o) {
        for (int i = 0; i < many_ins; i += LANES) {
            const Lanes found = dots(error[o], in + i);
            for (int k = 0; k < LANES; ++k) weight[o * ins + i + k] = found[k];
        }
        for (int i = many_ins; i < ins; ++i) weight[o * ins + i] = dot(error[o], in[i]);
    }
}

// Gradients by a layer's inputs, before they were bent.
template <int NODES>
void by_some_inputs(const float* weight, const Row* error, int outs, const Row* active, Row* in,
                    int ins, float slope) {
    float sum[NODES][BATCH] = {};
    for (int o = 0; o < outs; ++o)
        for (int k = 0; k < NODES; ++k) {
            const float w = weight[o * ins + k];
            for (int b = 0; b < BATCH; ++b) sum[k][b] += w * error[o][b];
        }
    for (int k = 0; k < NODES; ++k)
        for (int b = 0; b < BATCH; ++b)
            in[k][b] = active[k][b] > 0 ? sum[k][b] : slope * sum[k][b];
}

void by_inputs(const float* weight, const Row* error, int outs, const Row* active, Row* in, int ins,
               float slope) {
    int i = 0;
    for (; i + 4 <= ins; i += 4)
        by_some_inputs<4>(weight + i, error, outs, active + i, in + i, ins, slope);
    for (; i < ins; ++i)
        by_some_inputs<1>(weight + i, error, outs, active + i, in + i, ins, slope);
}

// Mean square difference of the values, and its gradient by the outputs; a mean over the batch.
float mean_square(const Row* output, const Row* target, int values, Row* error) {
    const float share = 1.0f / (values * BATCH);
    float sum = 0;
    for (int n = 0; n < values; ++n)
        for (int b = 0; b < BATCH; ++b) {
            const float apart = output[n][b] - target[n][b];
            sum += apart * apart;
            error[n][b] = 2 * share * apart;
        }
    return sum * share;
}

// Sum of |l - l'| over the three sides, or |sum of l - sum of l'|. At 0 the gradient is 0.
float of_sides(const Row* output, const Row* target, bool perimeter, Row* error) {
    static thread_local float length[3][BATCH], edge[9][BATCH], difference[3][BATCH];
    float sum = 0;
    for (int n = 0; n < 9; ++n)
        for (int b = 0; b < BATCH; ++b) error[n][b] = 0;
    for (int side = 0; side < 3; ++side) {
        const int from = 3 * side, to = 3 * ((side + 1) % 3);
        for (int b = 0; b < BATCH; ++b) {
            float square = 0, wanted = 0;
            for (int axis = 0; axis < 3; ++axis) {
                const float e = output[from + axis][b] - output[to + axis][b];
                const float t = target[from + axis][b] - target[to + axis][b];
                edge[3 * side + axis][b] = e;
                square += e * e;
                wanted += t * t;
            }
            length[side][b] = std::sqrt(square);
            difference[side][b] = length[side][b] - std::sqrt(wanted);
        }
    }
    if (perimeter)
        for (int b = 0; b < BATCH; ++b) {
            const float all = difference[0][b] + difference[1][b] + difference[2][b];
            sum += std::fabs(all);
            for (int side = 0; side < 3; ++side) difference[side][b] = all;
        }
    else
        for (int side = 0; side < 3; ++side)
            for (int b = 0; b < BATCH; ++b) sum += std::fabs(difference[side][b]);
    for (int side = 0; side < 3; ++side) {
        const int from = 3 * side, to = 3 * ((side + 1) % 3);
        for (int b = 0; b < BATCH; ++b) {
            const float d = difference[side][b], l = length[side][b];
            const float sign = d > 0 ? 1.0f : d < 0 ? -1.0f : 0.0f;
            const float scale = l > 0 ? sign / (l * BATCH) : 0.0f;
            for (int axis = 0; axis < 3; ++axis) {
                error[from + axis][b] += scale * edge[3 * side + axis][b];
                error[to + axis][b] -= scale * edge[3 * side + axis][b];
            }
        }
    }
    return sum / BATCH;
}

}  // namespace

extern "C" {

struct Task {
    int32_t members, layers;        // layers of weights
    const int32_t* widths;          // layers + 1 of them
    int32_t loss, bent_input;
    double first, second;           // betas
    float slope, eps;
    const float *inputs, *targets;  // (sample, value) of all sets joined
    float *weights, *mean, *square, *square_max;  // (member, weight)
    float* loss_sum;                // (member)
};

// `picked` are the members' samples of this step, BATCH of each row of (member, stride); `first_share`
// is 1 - first^count and `second_share` 1 - second^count of Adam's bias correction.
static void train_step(const Task* task, const int64_t* picked, int64_t stride, const float* rates,
                       float first_share, float second_share) {
    static thread_local Buffers buffers;
    const int layers = task->layers;
    const int32_t* widths = task->widths;
    const int ins = widths[0], outs = widths[layers];
    int nodes = 0, widest = 0, size = 0;
    for (int l = 0; l <= layers; ++l) {
        nodes += widths[l];
        widest = widths[l] > widest ? widths[l] : widest;
        if (l) size += widths[l] * (widths[l - 1] + 1);
    }
    buffers.active.resize(nodes);
    buffers.target.resize(outs);
    buffers.gradient.resize(size);
    for (auto& error : buffers.error) error.resize(widest);
    Row *active = buffers.active.data(), *target = buffers.target.data();
    float* gradient = buffers.gradient.data();
    for (int member = 0; member < task->members; ++member) {
        float* weights = task->weights + int64_t(member) * size;
        for (int b = 0; b < BATCH; ++b) {
            const int64_t sample = picked[member * stride + b];
            for (int i = 0; i < ins; ++i) {
                const float value = task->inputs[sample * ins + i];
                active[i][b] = value > 0 ? value : value * (task->bent_input ? task->slope : 1.0f);
            }
            for (int o = 0; o < outs; ++o) target[o][b] = task->targets[sample * outs + o];
        }
        int node = 0, at = 0;
        for (int l = 0; l < layers; ++l) {
            const int n = widths[l], m = widths[l + 1];
            forwards(weights + at, weights + at + n * m, active + node, n, active + node + n, m,
                     l + 1 < layers ? task->slope : 1.0f);
            node += n;
            at += m * (n + 1);
        }
        Row* error = buffers.error[layers % 2].data();
        task->loss_sum[member] +=
            task->loss == MSE ? mean_square(active + node, target, outs, error)
                              : of_sides(active + node, target, task->loss == PERIMETER, error);
        for (int l = layers; l-- > 0;) {
            const int n = widths[l], m = widths[l + 1];
            node -= n;
            at -= m * (n + 1);
            error = buffers.error[(l + 1) % 2].data();
            by_weights(error, m, active + node, n, gradient + at, gradient + at + n * m);
            if (l)
                by_inputs(weights + at, error, m, active + node, buffers.error[l % 2].data(), n,
                          task->slope);
        }
        float* mean = task->mean + int64_t(member) * size;
        float* square = task->square + int64_t(member) * size;
        float* square_max = task->square_max + int64_t(member) * size;
        const float rate = rates[member] / first_share, share = 1 / second_share;
        const float first = 1 - task->first, second = 1 - task->second, keep = task->second;
        for (int w = 0; w < size; ++w) {
            const float g = gradient[w];
            mean[w] += first * (g - mean[w]);
            square[w] = keep * square[w] + second * g * g;
            square_max[w] = square[w] > square_max[w] ? square[w] : square_max[w];
            weights[w] -= rate * mean[w] / (std::sqrt(square_max[w] * share) + task->eps);
        }
    }
}

// Take `steps` steps after `count` earlier ones; `picked` has them side by side: (member, stride).
void train_steps(const Task* task, const int64_t* picked, int64_t stride, const float* rates,
                 int64_t count, int64_t steps) {
    for (int64_t step = 0; step < steps; ++step) {
        const double taken = double(count + step + 1);
        train_step(task, picked + step * BATCH, stride, rates,
                   float(1 - std::pow(task->first, taken)), float(1 - std::pow(task->second, taken)));
    }
}
}
